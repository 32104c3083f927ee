import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import { keyReferredTo } from '../secrets/secret-reference.ts';
import type { EditedEndpoint } from '../services.ts';

/** An endpoint that is there: as it is kept, and as it is sent to where that is known. */
export interface KnownEndpoint {
  readonly written: ForwardEndpoint;
  readonly resolved: ForwardEndpoint | null;
}

/**
 * What a page sends back, with the values of headers that it never saw (R25). Only for the address that they were entered
 * for: whoever holds a page could otherwise have them sent to themselves. Throws a UserError when there is none for a
 * header.
 */
export function withKeptHeaders(edited: EditedEndpoint, current: KnownEndpoint | null): ForwardEndpoint {
  const headers = Object.fromEntries(
    Object.entries(edited.headers).map(([name, value]) => [name, value ?? keptValue(name, edited.url, current)]),
  );
  return { ...edited, headers };
}

function keptValue(header: string, url: string, current: KnownEndpoint | null): string {
  const written = current?.written.headers[header];
  if (current === null || written === undefined) throw new UserError(`Enter the value of header ${header}.`);
  if (new URL(url).origin !== new URL(current.written.url).origin)
    throw new UserError(`The address is another one: enter the value of header ${header} again.`);
  // A kept secret belongs to a name, which may be another from now on.
  const value = keyReferredTo(written) === null ? written : current.resolved?.headers[header];
  if (value === undefined) throw new UserError(`The value of header ${header} cannot be read: enter it again.`);
  return value;
}
