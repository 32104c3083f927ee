import type { PlannedCall } from '../../gateway/plan/call-planner.ts';
import { eraOf } from '../../shared/domain/era.ts';
import { memberNamed, membersAt } from '../../gateway/frame/json-scan.ts';
import type { HttpServerConfig } from '../../shared/domain/server.ts';
import { isPlainlyHarmless } from '../known-secrets.ts';

/** What whoever makes the call has to add from its own store of secrets. */
export interface NeededSecret {
  readonly in: 'header' | 'query' | 'userinfo' | 'path';
  readonly name: string | null;
}

export interface PlanAnswerOptions {
  /** Secrets of the configuration are in it, and not only what they are called. */
  readonly withSecrets: boolean;
  /** Makes text safe to show. */
  readonly sanitize: (text: string) => string;
  readonly now: () => Date;
}

/** For so long the plan holds: afterwards the server, its secrets or the plugins may have become others. */
const VALID_MILLIS = 60_000;
const COMMON_HEADERS = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' } as const;
/** Made for each message alone. */
const PER_MESSAGE = new Set(['traceparent', 'tracestate', 'baggage']);

/** A plan as JSON. `message` stands in it as it is to be sent, byte by byte. */
export function planAnswer(plan: PlannedCall, config: HttpServerConfig, options: PlanAnswerOptions): string {
  const { server, tool, request, protocolVersion, traceContext } = plan;
  const address = addressFor(config, options);
  const configured = headersFor(config, options);
  const { requestTimeoutMillis } = server.settings;
  const members = {
    server: server.id,
    tool,
    transport: config.type,
    url: address.url,
    headers: { ...COMMON_HEADERS, ...plan.headers, ...contextHeaders(plan), ...configured.headers },
    needs: [...configured.needs, ...address.needs],
    protocolVersion,
    era: protocolVersion === null ? null : eraOf(protocolVersion),
    timeoutMs: requestTimeoutMillis === 0 ? null : requestTimeoutMillis,
    ...idsIn(traceContext?.traceparent),
    expiresAt: new Date(options.now().getTime() + VALID_MILLIS).toISOString(),
  };
  const head = JSON.stringify(members).slice(0, -1);
  return `${head},"message":${request.text},"_meta":${metaSource(request.text)}}`;
}

function contextHeaders({ traceContext, sendsTraceContext }: PlannedCall): Readonly<Record<string, string>> {
  if (!sendsTraceContext || traceContext === null) return {};
  const { traceparent, tracestate } = traceContext;
  return tracestate === null ? { traceparent } : { traceparent, tracestate };
}

interface Configured {
  readonly headers: Readonly<Record<string, string>>;
  readonly needs: readonly NeededSecret[];
}

/** Any header of a configuration may be a key to the server, so only what plainly is none has its value told. */
function headersFor({ headers }: HttpServerConfig, { withSecrets }: PlanAnswerOptions): Configured {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const own = named.filter(([name]) => !PER_MESSAGE.has(name));
  const told = own.filter(([name, value]) => withSecrets || isPlainlyHarmless(name, value));
  const needs = own.filter((entry) => !told.includes(entry)).map(([name]) => ({ in: 'header', name }) as const);
  return { headers: Object.fromEntries(told), needs };
}

interface Address {
  readonly url: string;
  readonly needs: readonly NeededSecret[];
}

function addressFor(config: HttpServerConfig, { withSecrets, sanitize }: PlanAnswerOptions): Address {
  const url = new URL(config.url);
  if (withSecrets) return { url: url.href, needs: [] };
  const needs: NeededSecret[] = [];
  if (url.username !== '' || url.password !== '') needs.push({ in: 'userinfo', name: null });
  for (const name of new Set(url.searchParams.keys())) needs.push({ in: 'query', name });
  url.username = '';
  url.password = '';
  url.search = '';
  const shown = sanitize(url.pathname);
  if (shown !== url.pathname) needs.push({ in: 'path', name: null });
  return { url: `${url.origin}${shown}`, needs };
}

function idsIn(traceparent: string | undefined): { readonly traceId: string | null; readonly spanId: string | null } {
  const [, traceId = null, spanId = null] = traceparent?.split('-') ?? [];
  return { traceId, spanId };
}

/** `params._meta` of a request, as source. */
function metaSource(text: string): string {
  const params = memberNamed(membersAt(text, 0), 'params');
  const meta = memberNamed(params === undefined ? null : membersAt(text, params.valueStart), '_meta');
  return meta === undefined ? '{}' : text.slice(meta.valueStart, meta.valueEnd);
}
