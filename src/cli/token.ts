import { newSecret } from '../runtime/http/secrets.ts';
import { checkedToken } from './commands.ts';

export interface ChosenToken {
  readonly token: string;
  readonly source: 'option' | 'environment' | 'generated';
}

/** `--token`, else `THROUGHLINE_TOKEN`, else 256 random bits. No switch turns the token off. */
export function chooseToken(
  option: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): ChosenToken {
  if (option !== null) return { token: option, source: 'option' };
  const fromEnvironment = environment['THROUGHLINE_TOKEN'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return { token: checkedToken(fromEnvironment, 'THROUGHLINE_TOKEN'), source: 'environment' };
  }
  return { token: newSecret(), source: 'generated' };
}
