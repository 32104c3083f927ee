import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { messageOf, UserError } from '../../shared/kernel/user-error.ts';
import { parseQuery } from '../../store/query/parse.ts';

/** RFC 9110, 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** Decided by what is sent and how, or by the connection. */
const OWN_HEADERS = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What is wrong with an endpoint and what to do, beginning in lower case; null when it can be used. */
export function endpointProblem(endpoint: ForwardEndpoint): string | null {
  return addressProblem(new URL(endpoint.url)) ?? headersProblem(endpoint.headers) ?? filterProblem(endpoint.filter);
}

/** Pages are shown addresses, and never secrets (R25). */
function addressProblem({ username, password, search }: URL): string | null {
  if (username !== '' || password !== '')
    return 'an address with a user name or password would be shown to everyone: write an Authorization header.';
  return search === '' ? null : 'an address with a query would be shown to everyone: write what is in it as a header.';
}

function headersProblem(headers: Readonly<Record<string, string>>): string | null {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const lowerCase = name.toLowerCase();
    if (!HEADER_NAME.test(name)) return `"${name}" is no name for a header: write letters, digits and dashes.`;
    if (OWN_HEADERS.has(lowerCase) || lowerCase.startsWith('grpc-') || lowerCase.endsWith('-bin'))
      return `header ${name} is not for an endpoint to set: leave it out.`;
    if (seen.has(lowerCase)) return `header ${name} stands here twice: leave one out.`;
    if (!HEADER_VALUE.test(value))
      return `the value of header ${name} has characters that headers cannot hold: write it without line breaks, in ASCII.`;
    seen.add(lowerCase);
  }
  return null;
}

function filterProblem(filter: string): string | null {
  try {
    parseQuery(filter);
    return null;
  } catch (thrown) {
    if (thrown instanceof UserError) return `the filter cannot be used: ${thrown.message}`;
    throw thrown;
  }
}

/** Certificates of a few authorities; more is no such file. */
const MAX_CERTIFICATE_BYTES = 1024 * 1024;

/** The text of a file with certificates (PEM), or the sentence that says what is wrong with it. */
export async function readCertificates(file: string): Promise<Result<string, string>> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > MAX_CERTIFICATE_BYTES) return err(`${file} is too large for a file with certificates.`);
    // Throws when it is none.
    new X509Certificate(text);
    return ok(text);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : messageOf(thrown);
    if (code === 'ENOENT') return err(`There is no file ${file}: correct the path of the endpoint's certificate file.`);
    return err(`The certificate file ${file} cannot be used (${code}): name one with certificates in PEM form.`);
  }
}
