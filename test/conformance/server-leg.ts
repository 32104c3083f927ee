import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHttpConformanceFixture } from '../fixtures/servers/conformance/http.ts';
import { temporaryFolder } from '../support/cli-process.ts';
import { startModernHttpFixture } from '../fixtures/servers/modern/http.ts';
import { conformanceStdio, modernConformanceStdio } from '../support/conformance-fixture.ts';
import { eventually } from '../support/eventually.ts';
import type { StdioEntry } from '../support/fixture-servers.ts';
import { startGateway, type TraceLine } from '../support/gateway-process.ts';
import { noOpPlugin, startInProcessGateway, tracingObserver } from '../support/in-process-gateway.ts';
import { silentObserver } from '../support/silent-observer.ts';
import { openSpanNames } from '../support/trace-tree.ts';
import { startTokenForwarder } from '../support/token-forwarder.ts';
import { runSuite, serverLegArguments, type SuiteRun, MODERN_REVISION, REVISION, type Revision } from './suite.ts';

export type FixtureTransport = 'stdio' | 'http';

/** `product` is the program as it is started by a user, which always traces. */
export const VARIANTS = ['product', 'tracing off', 'no-op plugin'] as const;
export type Variant = (typeof VARIANTS)[number];

interface Fixture {
  /** As a config file names it. */
  readonly entry: Required<StdioEntry> | { readonly url: string };
  requests(): readonly string[];
  resumptions(): number;
  close(): Promise<void>;
}

interface GatewayUnderTest {
  readonly origin: string;
  readonly token: string;
  traces(): Promise<readonly TraceLine[]>;
  tree(traceId: string): Promise<unknown>;
  stop(): Promise<unknown>;
}

export interface ServerLegRun extends SuiteRun {
  /** What of the suite's requests reached the fixture: `method target` and how often. */
  readonly asked: ReadonlyMap<string, number>;
  /** What the trace store holds when the suite has ended; empty where nothing is recorded. */
  readonly traces: readonly TraceLine[];
  /** How often the gateway took up a stream again that the fixture had dropped. */
  readonly resumptions: number;
  /** How many calls the plugin saw; 0 without one. */
  readonly seenByPlugin: number;
}

/** Requests that the gateway also makes on its own account, or answers itself, say nothing about the suite's. */
const OWN_REQUESTS = /^(initialize|server\/discover|ping|[a-z]+(\/templates)?\/list)$/;

/** How often each of these was asked, without the gateway's own. */
export function tally(requests: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const what of requests.filter((request) => !OWN_REQUESTS.test(request))) {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return new Map([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Runs the server leg against the HTTP fixture itself: what it passes there, it must pass through the gateway. */
export async function runDirectly(): Promise<Pick<ServerLegRun, 'code' | 'output' | 'scenarios' | 'asked'>> {
  const fixture = await startHttpConformanceFixture();
  const run = await runSuite(serverLegArguments(fixture.url));
  await fixture.close();
  return { ...run, asked: tally(fixture.requests()) };
}

/** Runs the server leg through `/servers/fixture/mcp`, with a forwarder in front that adds the token and nothing else. */
export async function runThroughGateway(
  transport: FixtureTransport,
  variant: Variant,
  revision: Revision = REVISION,
): Promise<ServerLegRun> {
  const fixture = await startFixture(transport, revision);
  const plugin = noOpPlugin();
  const gateway = await startVariant(variant, fixture, plugin);
  const forwarder = await startTokenForwarder(gateway);
  const run = await runSuite(serverLegArguments(forwarder.url('/servers/fixture/mcp'), revision));
  // Of clients that are asked something some do not come back, as the suite has it.
  const traces = await eventually('every span has ended but those that wait for a client', async () => {
    const all = await gateway.traces();
    for (const { openSpanCount, traceId } of all)
      if (openSpanCount > 0 && !(await onlyWaits(gateway, traceId))) return false;
    return all;
  });
  await forwarder.close();
  await gateway.stop();
  await fixture.close();
  return {
    ...run,
    asked: tally(fixture.requests()),
    resumptions: fixture.resumptions(),
    traces,
    seenByPlugin: plugin.seen.after,
  };
}

const WAITING = new Set(['mcp.input.wait', 'sampling.create_message', 'elicitation.create', 'root.list']);

/** Whether nothing of a trace is open but what its client was asked, and the wait for that. */
async function onlyWaits(gateway: GatewayUnderTest, traceId: string): Promise<boolean> {
  return openSpanNames(await gateway.tree(traceId)).every((name) => WAITING.has(name));
}

async function startFixture(transport: FixtureTransport, revision: Revision): Promise<Fixture> {
  const isModern = revision === MODERN_REVISION;
  if (transport === 'http' && isModern) {
    const fixture = await startModernHttpFixture({ modernOnly: true });
    return { ...fixture, entry: { url: fixture.url }, resumptions: () => 0 };
  }
  if (transport === 'http') {
    const fixture = await startHttpConformanceFixture();
    return { ...fixture, entry: { url: fixture.url } };
  }
  const recordFile = join(temporaryFolder(), 'requests.txt');
  return {
    entry: isModern ? modernConformanceStdio(recordFile, { modernOnly: true }) : conformanceStdio(recordFile),
    requests: () => readFileSync(recordFile, 'utf8').split('\n').slice(0, -1),
    resumptions: () => 0,
    close: () => Promise.resolve(),
  };
}

async function startVariant(
  variant: Variant,
  { entry }: Fixture,
  plugin: ReturnType<typeof noOpPlugin>,
): Promise<GatewayUnderTest> {
  if (variant === 'product') return startGateway({ config: { mcpServers: { fixture: entry } } });
  const fixture =
    'url' in entry
      ? ({ type: 'http', url: entry.url, headers: {} } as const)
      : ({ type: 'stdio', command: entry.command, args: entry.args, env: entry.env, cwd: null } as const);
  const gateway = await startInProcessGateway(
    variant === 'no-op plugin'
      ? { servers: { fixture }, observer: tracingObserver(), interceptor: plugin }
      : { servers: { fixture }, observer: silentObserver() },
  );
  return {
    ...gateway,
    traces: () => Promise.resolve([]),
    tree: () => Promise.reject(new Error('This gateway keeps no traces.')),
    async stop() {
      await gateway.stop();
      if (gateway.defects.length > 0) throw new AggregateError(gateway.defects, 'The gateway failed inside.');
    },
  };
}
