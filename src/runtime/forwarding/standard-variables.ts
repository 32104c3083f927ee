import { isAbsolute, resolve } from 'node:path';
import { requestAddress } from '../../otlp/send/request-address.ts';
import {
  COMPRESSIONS,
  ENDPOINT_DEFAULTS,
  OTLP_PROTOCOLS,
  type Compression,
  type ForwardEndpoint,
  type OtlpProtocol,
} from '../../shared/domain/forwarding.ts';
import { endpointProblem } from '../config/endpoint-problem.ts';
import { asSentence, type Environment } from '../config/references.ts';
import { readSampler, type Sampler } from './sampling.ts';

/** What the standard variables say of forwarding. */
export interface StandardVariables {
  /** Null when they name no endpoint. */
  readonly endpoint: EnvironmentEndpoint | null;
  /** What of them is not followed, one sentence each, for the log. */
  readonly notices: readonly string[];
}

export interface EnvironmentEndpoint {
  readonly endpoint: ForwardEndpoint;
  /** The full address: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is used as it is. */
  readonly address: string;
  readonly sampler: Sampler;
}

const DEFAULT_ADDRESS = { grpc: 'http://localhost:4317', http: 'http://localhost:4318' };
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Reads the variables of the OpenTelemetry specification ("OpenTelemetry Protocol Exporter", "Environment Variables"). They
 * make an endpoint when they name an address, or ask for `OTEL_TRACES_EXPORTER=otlp` in so many words: the default of the
 * specification, to send to localhost whenever nothing is said, is not what somebody expects who starts an app. A value
 * that cannot be used is not followed, and a notice says so: it never keeps the gateway from starting.
 */
export function readStandardVariables(environment: Environment): StandardVariables {
  const notices: string[] = [];
  if (isTrue(environment['OTEL_SDK_DISABLED'])) return { endpoint: null, notices };
  const exporters = listOf(environment['OTEL_TRACES_EXPORTER']);
  const unknown = exporters.find((name) => name !== 'otlp' && name !== 'none');
  if (unknown !== undefined)
    notices.push(`OTEL_TRACES_EXPORTER asks for "${unknown}", which there is not here: use otlp or none.`);
  const isAskedFor = exporters.includes('otlp');
  if (exporters.length > 0 && !isAskedFor) return { endpoint: null, notices };
  const given = givenAddress(environment);
  if (given === null && !isAskedFor) return { endpoint: null, notices };
  if (valueOf(environment, 'CLIENT_KEY') !== undefined || valueOf(environment, 'CLIENT_CERTIFICATE') !== undefined)
    notices.push(
      'OTEL_EXPORTER_OTLP_CLIENT_KEY and _CLIENT_CERTIFICATE are not followed: endpoints get no certificate.',
    );
  return { endpoint: endpointOf(environment, given, notices), notices };
}

interface GivenAddress {
  readonly url: string;
  readonly variable: string;
  /** Nothing is put behind it. */
  readonly isWhole: boolean;
}

function givenAddress(environment: Environment): GivenAddress | null {
  for (const [variable, isWhole] of [
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', true],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', false],
  ] as const) {
    const url = environment[variable]?.trim() ?? '';
    if (url !== '') return { url, variable, isWhole };
  }
  return null;
}

function endpointOf(
  environment: Environment,
  given: GivenAddress | null,
  notices: string[],
): EnvironmentEndpoint | null {
  const protocol = oneOf<OtlpProtocol>(environment, 'PROTOCOL', OTLP_PROTOCOLS, ENDPOINT_DEFAULTS.protocol, notices);
  const url = urlOf(environment, given, protocol);
  if (url === null) {
    notices.push(`${given?.variable ?? ''} is no http:// or https:// address: nothing is sent there.`);
    return null;
  }
  const certificate = valueOf(environment, 'CERTIFICATE');
  const endpoint: ForwardEndpoint = {
    ...ENDPOINT_DEFAULTS,
    url,
    protocol,
    headers: headersOf(valueOf(environment, 'HEADERS') ?? '', notices),
    // The specification's default, other than ours.
    compression: oneOf<Compression>(environment, 'COMPRESSION', COMPRESSIONS, 'none', notices),
    timeoutMs: timeoutOf(environment, notices),
    certificateFile:
      certificate === undefined || isAbsolute(certificate) ? (certificate ?? null) : resolve(certificate),
  };
  const problem = endpointProblem(endpoint);
  if (problem !== null) {
    notices.push(`Nothing is sent to the endpoint of the OTEL_* variables. ${asSentence(problem)}`);
    return null;
  }
  const sampler = readSampler(environment['OTEL_TRACES_SAMPLER'], environment['OTEL_TRACES_SAMPLER_ARG']);
  if (sampler.notice !== null) notices.push(sampler.notice);
  const isWhole = given?.isWhole === true && protocol !== 'grpc';
  return { endpoint, address: isWhole ? url : requestAddress(url, protocol), sampler: sampler.sampler };
}

/** gRPC may be given a host and a port only: OTEL_EXPORTER_OTLP_INSECURE then says whether that is plaintext. */
function urlOf(environment: Environment, given: GivenAddress | null, protocol: OtlpProtocol): string | null {
  if (given === null) return protocol === 'grpc' ? DEFAULT_ADDRESS.grpc : DEFAULT_ADDRESS.http;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(given.url);
  const scheme = isTrue(valueOf(environment, 'INSECURE')) ? 'http' : 'https';
  const url = hasScheme || protocol !== 'grpc' ? given.url : `${scheme}://${given.url}`;
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}

/** The variable for traces alone counts before the one for every signal. */
function valueOf(environment: Environment, option: string): string | undefined {
  for (const name of [`OTEL_EXPORTER_OTLP_TRACES_${option}`, `OTEL_EXPORTER_OTLP_${option}`]) {
    const value = environment[name]?.trim() ?? '';
    if (value !== '') return value;
  }
  return undefined;
}

function oneOf<Value extends string>(
  environment: Environment,
  option: string,
  allowed: readonly Value[],
  otherwise: Value,
  notices: string[],
): Value {
  const value = valueOf(environment, option)?.toLowerCase();
  const found = allowed.find((candidate) => candidate === value);
  if (value !== undefined && found === undefined)
    notices.push(`OTEL_EXPORTER_OTLP_${option} is none of ${allowed.join(', ')}: ${otherwise} is used.`);
  return found ?? otherwise;
}

function timeoutOf(environment: Environment, notices: string[]): number {
  const value = valueOf(environment, 'TIMEOUT');
  if (value === undefined) return DEFAULT_TIMEOUT_MS;
  const millis = Number(value);
  if (Number.isInteger(millis) && millis >= 1) return millis;
  notices.push(`OTEL_EXPORTER_OTLP_TIMEOUT is no number of milliseconds: ${DEFAULT_TIMEOUT_MS} is used.`);
  return DEFAULT_TIMEOUT_MS;
}

/** `name=value,name=value`, percent-encoded as W3C Baggage is. The values never get into a notice: they are secrets. */
function headersOf(text: string, notices: string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const pair of listOf(text)) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    const decoded = value === undefined ? null : decodedOrNull(value.trim());
    if (name === undefined || decoded === null) {
      notices.push('OTEL_EXPORTER_OTLP_HEADERS has an entry that is no name=value: it is left out.');
      continue;
    }
    headers[name.trim()] = decoded;
  }
  return headers;
}

/** `name=value,name=value` of OTEL_RESOURCE_ATTRIBUTES; entries that are none are left out. */
export function resourceAttributesOf(environment: Environment): Readonly<Record<string, string>> {
  const attributes = headersOf(environment['OTEL_RESOURCE_ATTRIBUTES'] ?? '', []);
  const name = environment['OTEL_SERVICE_NAME']?.trim() ?? '';
  return name === '' ? attributes : { ...attributes, 'service.name': name };
}

function decodedOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A % that begins no escape.
    return null;
  }
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function isTrue(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true';
}
