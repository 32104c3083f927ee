import { beforeAll, describe, expect, it } from 'vitest';
import { startHttpConformanceFixture } from '../fixtures/servers/conformance/http.ts';
import { startGateway } from '../support/gateway-process.ts';
import { startTokenForwarder } from '../support/token-forwarder.ts';
import {
  complaints,
  MODERN_REVISION,
  runSuite,
  serverLegArguments,
  suiteRequirements,
  type SuiteRun,
} from './suite.ts';

/**
 * What the suite asks of a server under names that only a server of the stateless era can have: tools that answer with
 * `input_required` under keys and with a state that the scenario knows.
 */
const NEEDS_A_MODERN_SERVER = /^input-required-result-(?!ignore-extra-params|unsupported-methods)/;

/** Checks of `server-stateless` that need tools by which the suite changes the server or lacks a capability. */
const NEEDS_A_DIAGNOSTIC_TOOL = [
  'sep-2575-server-rejects-undeclared-capability',
  'sep-2575-missing-capability-http-400',
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-server-no-log-without-loglevel',
  'sep-2575-server-sends-prompts-list-changed-on-subscription',
  'sep-2575-server-sends-tools-list-changed-on-subscription',
];

const scenarios = suiteRequirements(MODERN_REVISION).server.filter((name) => !NEEDS_A_MODERN_SERVER.test(name));

describe(`the conformance suite of ${MODERN_REVISION}, with a server of the era of handshakes behind the gateway`, () => {
  let run: SuiteRun;

  beforeAll(async () => {
    const fixture = await startHttpConformanceFixture();
    const gateway = await startGateway({ config: { mcpServers: { fixture: { type: 'http', url: fixture.url } } } });
    const forwarder = await startTokenForwarder(gateway);
    run = await runSuite(serverLegArguments(forwarder.url('/servers/fixture/mcp'), MODERN_REVISION));
    await forwarder.close();
    await gateway.stop();
    await fixture.close();
  }, 300_000);

  it('has 25 scored scenarios that such a server can be held to', () => {
    expect(scenarios).toHaveLength(25);
  });

  it.each(scenarios)('passes %s', (name) => {
    const told = complaints(run.scenarios.get(name));
    const counted = told.filter((complaint) => !NEEDS_A_DIAGNOSTIC_TOOL.some((id) => complaint.startsWith(`${id} `)));
    expect(counted).toEqual([]);
  });
});
