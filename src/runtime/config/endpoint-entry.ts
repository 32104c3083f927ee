import { resolve } from 'node:path';
import { endpointNameSchema } from '../../shared/contract/schemas.ts';
import { ENDPOINT_DEFAULTS, type ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import type { CapturePolicy } from '../../shared/domain/settings.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import { check, withoutUndefined } from './check.ts';
import type { ConfigText } from './config-text.ts';
import type { ConfiguredEndpoint } from './config.ts';
import { endpointProblem } from './endpoint-problem.ts';
import { endpointSchema } from './file-schema.ts';
import { asSentence, followEndpointHeaders, type ReferenceSources } from './references.ts';

/** What the standard variables are shown as, so that no other endpoint can be called that. */
export const ENVIRONMENT_ENDPOINT = 'environment';

/** More would each read every trace. */
export const MAX_ENDPOINTS = 16;

type WrittenEndpoints = Readonly<Record<string, unknown>>;

interface EndpointsOptions {
  /** Where relative paths begin. */
  readonly directory: string;
  readonly sources: ReferenceSources;
}

/** `otlp.endpoints`. Throws a UserError that names the place of the first mistake. */
export function readEndpoints(
  source: ConfigText,
  written: WrittenEndpoints,
  options: EndpointsOptions,
): ReadonlyMap<string, ConfiguredEndpoint> {
  refuseTooMany(source, written);
  return new Map(Object.entries(written).map(([name, entry]) => [name, readOne(source, name, entry, options)]));
}

/** The same where a mistake in one must not keep the others from being sent to. Mistakes are sentences for the log. */
export function readHomeEndpoints(
  source: ConfigText,
  written: WrittenEndpoints,
  options: EndpointsOptions,
  onMistake: (sentence: string) => void,
): ReadonlyMap<string, ConfiguredEndpoint> {
  refuseTooMany(source, written);
  const endpoints = new Map<string, ConfiguredEndpoint>();
  for (const [name, entry] of Object.entries(written)) {
    try {
      const endpoint = readEndpoint(source, name, entry, options.directory);
      const followed = followEndpointHeaders(name, endpoint, options.sources);
      endpoints.set(
        name,
        followed.ok
          ? { written: endpoint, resolved: followed.value }
          : { written: endpoint, problem: asSentence(followed.error.problem) },
      );
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      onMistake(thrown.message);
    }
  }
  return endpoints;
}

function readOne(source: ConfigText, name: string, entry: unknown, options: EndpointsOptions): ConfiguredEndpoint {
  const written = readEndpoint(source, name, entry, options.directory);
  const followed = followEndpointHeaders(name, written, options.sources);
  if (followed.ok) return { written, resolved: followed.value };
  throw source.complaint([...pathOf(name), 'headers', followed.error.header], followed.error.problem);
}

function readEndpoint(source: ConfigText, name: string, entry: unknown, directory: string): ForwardEndpoint {
  const path = pathOf(name);
  const allowed = endpointNameSchema.safeParse(name);
  if (!allowed.success)
    throw source.complaint(path, allowed.error.issues[0]?.message ?? 'this name cannot be used.', 'key');
  if (name === ENVIRONMENT_ENDPOINT)
    throw source.complaint(
      path,
      `"${ENVIRONMENT_ENDPOINT}" is the name of the endpoint of the OTEL_* variables. Give this one another name.`,
      'key',
    );
  const { enabled, payloads = {}, certificateFile, ...rest } = check(source, path, endpointSchema, entry);
  const endpoint: ForwardEndpoint = {
    ...ENDPOINT_DEFAULTS,
    ...withoutUndefined(rest),
    certificateFile: certificateFile === undefined ? null : resolve(directory, certificateFile),
    payloads: { ...ENDPOINT_DEFAULTS.payloads, ...withoutUndefined(payloads) },
    isEnabled: enabled ?? ENDPOINT_DEFAULTS.isEnabled,
  };
  const problem = endpointProblem(endpoint);
  if (problem === null) return endpoint;
  throw source.complaint(path, problem);
}

function refuseTooMany(source: ConfigText, written: WrittenEndpoints): void {
  const [, ...names] = Object.keys(written).slice(MAX_ENDPOINTS - 1);
  const [first] = names;
  if (first === undefined) return;
  throw source.complaint(pathOf(first), `there are more than ${MAX_ENDPOINTS} endpoints. Take some out.`, 'key');
}

function pathOf(name: string): string[] {
  return ['otlp', 'endpoints', name];
}

/** An endpoint as a config file writes it, without what says no more than its absence. */
export function endpointEntryOf(endpoint: ForwardEndpoint): object {
  const { url, headers, payloads, certificateFile, isEnabled, ...rest } = endpoint;
  const changed = Object.entries(rest).filter(([key, value]) => value !== ENDPOINT_DEFAULTS[key as keyof typeof rest]);
  const chosen = payloadsEntryOf(payloads);
  return {
    url,
    ...Object.fromEntries(changed),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(certificateFile !== null && { certificateFile }),
    ...(Object.keys(chosen).length > 0 && { payloads: chosen }),
    ...(isEnabled !== ENDPOINT_DEFAULTS.isEnabled && { enabled: isEnabled }),
  };
}

function payloadsEntryOf(payloads: CapturePolicy): Partial<CapturePolicy> {
  const { requests, responses } = ENDPOINT_DEFAULTS.payloads;
  return {
    ...(payloads.requests !== requests && { requests: payloads.requests }),
    ...(payloads.responses !== responses && { responses: payloads.responses }),
  };
}
