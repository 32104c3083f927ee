import { newSecret } from '../runtime/http/secrets.ts';
import { checkedToken } from './commands.ts';

export interface ChosenToken {
  readonly token: string;
  readonly source: 'option' | 'environment' | 'kept' | 'generated';
}

/** `--token`, else `THROUGHLINE_TOKEN`, else the one kept from before, else 256 random bits. No switch turns it off. */
export function chooseToken(
  option: string | null,
  environment: Readonly<Record<string, string | undefined>>,
  kept: string | null = null,
): ChosenToken {
  if (option !== null) return { token: option, source: 'option' };
  const fromEnvironment = environment['THROUGHLINE_TOKEN'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return { token: checkedToken(fromEnvironment, 'THROUGHLINE_TOKEN'), source: 'environment' };
  }
  return kept === null ? { token: newSecret(), source: 'generated' } : { token: kept, source: 'kept' };
}
