import type { TraceContext } from '../observer.ts';

/** Everything a server gets from our environment unless its configuration says more: no secret rides along (S18). */
const INHERITED_VARIABLES = [
  'HOME',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TERM',
  'USER',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'TZ',
  'APPDATA',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'USERNAME',
  'USERPROFILE',
];

export interface ChildEnvironment {
  /** The gateway's own environment. */
  readonly inherited: NodeJS.ProcessEnv;
  /** For a server that sends spans; what it is configured with comes first (R83). */
  readonly telemetry: Readonly<Record<string, string>>;
  /** Of the span that starts it; null for a server that is to know nothing of traces. */
  readonly traceContext: TraceContext | null;
  readonly configured: Readonly<Record<string, string>>;
}

/** What a server is started with. */
export function environmentOf({ inherited, telemetry, traceContext, configured }: ChildEnvironment): NodeJS.ProcessEnv {
  const own = new Set(Object.keys(configured).map((name) => name.toUpperCase()));
  const added = { ...telemetry, ...(own.has('TRACEPARENT') ? {} : variablesOf(traceContext)) };
  const left = Object.entries(added).filter(([name]) => !isDecided(name, own, configured));
  return { ...inheritedVariables(inherited), ...Object.fromEntries(left), ...configured };
}

const EXPORTER_VARIABLE = /^OTEL_EXPORTER_OTLP_/;
/** Of metrics and logs, too: the headers, and the token in them, would go there as well. */
const ENDPOINT_VARIABLE = /^OTEL_EXPORTER_OTLP_(?:[A-Z]+_)?ENDPOINT$/;
const NAMED_SERVICE = /(?:^|,)\s*service\.name\s*=/;

function isDecided(name: string, own: ReadonlySet<string>, configured: Readonly<Record<string, string>>): boolean {
  if (own.has(name)) return true;
  if (EXPORTER_VARIABLE.test(name)) return [...own].some((other) => ENDPOINT_VARIABLE.test(other));
  return name === 'OTEL_SERVICE_NAME' && NAMED_SERVICE.test(configured['OTEL_RESOURCE_ATTRIBUTES'] ?? '');
}

function variablesOf(context: TraceContext | null): Record<string, string> {
  if (context === null) return {};
  const { traceparent, tracestate } = context;
  return { TRACEPARENT: traceparent, ...(tracestate !== null && { TRACESTATE: tracestate }) };
}

/** What a started server inherits of an environment. */
export function inheritedVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of INHERITED_VARIABLES) {
    const value = environment[name];
    // An exported bash function is code, not a value.
    if (value !== undefined && !value.startsWith('()')) result[name] = value;
  }
  return result;
}
