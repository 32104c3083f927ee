import type { z } from 'zod';
import type { forwardEndpointSchema } from '../../src/shared/contract/schemas.ts';
import { saveEndpointRequestSchema } from '../../src/shared/contract/schemas.ts';
import type { ForwardStatus } from '../../src/shared/contract/messages.ts';
import { ENDPOINT_DEFAULTS } from '../../src/shared/domain/forwarding.ts';
import type { ForwardEndpoint } from '../../src/shared/domain/forwarding.ts';
import { err, ok } from '../../src/shared/kernel/result.ts';
import type { Result } from '../../src/shared/kernel/result.ts';

/** A header as it is typed; null stands for the value that is saved and never shown (R25). */
export interface HeaderDraft {
  readonly name: string;
  readonly value: string | null;
}

type Typed = Pick<
  ForwardEndpoint,
  'url' | 'protocol' | 'compression' | 'filter' | 'payloads' | 'sampling' | 'isEnabled'
>;

/** The form of an endpoint as it is typed. */
export interface EndpointDraft extends Typed {
  readonly name: string;
  readonly headers: readonly HeaderDraft[];
  readonly timeoutSeconds: string;
  /** Empty: only the system's certificates are trusted. */
  readonly certificateFile: string;
}

export type EditedEndpoint = z.output<typeof forwardEndpointSchema>;
export interface NamedEndpoint {
  readonly name: string;
  readonly endpoint: EditedEndpoint;
}
export type EndpointErrors = Readonly<Partial<Record<keyof EndpointDraft, string>>>;

const MILLIS_PER_SECOND = 1_000;

export const EMPTY_ENDPOINT: EndpointDraft = {
  name: '',
  url: '',
  protocol: ENDPOINT_DEFAULTS.protocol,
  headers: [],
  compression: ENDPOINT_DEFAULTS.compression,
  timeoutSeconds: String(ENDPOINT_DEFAULTS.timeoutMs / MILLIS_PER_SECOND),
  certificateFile: '',
  filter: ENDPOINT_DEFAULTS.filter,
  payloads: ENDPOINT_DEFAULTS.payloads,
  sampling: ENDPOINT_DEFAULTS.sampling,
  isEnabled: true,
};

export function draftOfEndpoint(status: ForwardStatus): EndpointDraft {
  const { name, url, protocol, compression, filter, payloads, sampling, isEnabled } = status;
  return {
    name,
    url,
    protocol,
    headers: status.headerNames.map((header) => ({ name: header, value: null })),
    compression,
    timeoutSeconds: String(status.timeoutMs / MILLIS_PER_SECOND),
    certificateFile: status.certificateFile ?? '',
    filter,
    payloads,
    sampling,
    isEnabled,
  };
}

/** Checks the form with the contract's own schema; each error is a sentence at its field. */
export function readEndpoint(draft: EndpointDraft): Result<NamedEndpoint, EndpointErrors> {
  const { name, headers, timeoutSeconds, certificateFile, ...typed } = draft;
  const seconds = timeoutSeconds.trim() === '' ? Number.NaN : Number(timeoutSeconds);
  const wanted = {
    name: name.trim(),
    formerName: null,
    endpoint: {
      ...typed,
      url: draft.url.trim(),
      filter: draft.filter.trim(),
      timeoutMs: Math.round(seconds * MILLIS_PER_SECOND),
      certificateFile: certificateFile.trim() === '' ? null : certificateFile.trim(),
      headers: Object.fromEntries(writtenHeaders(headers).map((each) => [each.name.trim(), each.value])),
    },
  };
  const read = saveEndpointRequestSchema.safeParse(wanted);
  const headersError = wrongHeader(headers);
  if (read.success && headersError === null) return ok({ name: read.data.name, endpoint: read.data.endpoint });
  const issues = read.error?.issues ?? [];
  return err({
    ...Object.fromEntries(issues.map(({ path, message }) => fieldError(path, message))),
    ...(headersError === null ? {} : { headers: headersError }),
  });
}

function writtenHeaders(headers: readonly HeaderDraft[]): readonly HeaderDraft[] {
  return headers.filter(({ name, value }) => name.trim() !== '' || (value ?? '') !== '');
}

/** What a field name of HTTP may be made of (RFC 9110, section 5.6.2). */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

function wrongHeader(headers: readonly HeaderDraft[]): string | null {
  const written = writtenHeaders(headers);
  const names = written.map(({ name }) => name.trim());
  if (names.includes('')) return 'A header has a value and no name.';
  const odd = names.find((name) => !HEADER_NAME.test(name));
  if (odd !== undefined) return `“${odd}” cannot be the name of a header.`;
  const folded = names.map((name) => name.toLowerCase());
  const twice = names.find((name, index) => folded.indexOf(name.toLowerCase()) !== index);
  if (twice !== undefined) return `“${twice}” is there twice.`;
  const empty = written.find(({ value }) => value === '');
  return empty === undefined ? null : `“${empty.name}” has no value yet.`;
}

const OWN_WORDS: Readonly<Record<string, string>> = {
  timeoutMs: 'Seconds from 0.1 to 600.',
  certificateFile: 'The path of a file.',
  filter: 'A filter has at most 1,000 characters.',
  payloads: 'At most 100 names of spans.',
};

const FIELD_OF: Readonly<Record<string, keyof EndpointDraft>> = { timeoutMs: 'timeoutSeconds' };

function fieldError(path: readonly PropertyKey[], message: string): readonly [keyof EndpointDraft, string] {
  const key = String(path[0] === 'endpoint' ? path[1] : path[0]);
  const field = FIELD_OF[key] ?? (key as keyof EndpointDraft);
  return [field, OWN_WORDS[key] ?? message];
}
