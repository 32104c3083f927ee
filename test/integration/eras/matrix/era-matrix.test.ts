import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEATURES, outcomeOf } from './cells.ts';
import { CHECKS } from './checks.ts';
import { COMBINATIONS } from './combinations.ts';
import { connectEraClient, type EraClient } from './era-client.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;
let amongOthers: Readonly<Record<'legacy' | 'modern', EraClient>>;

beforeAll(async () => {
  stage = await startStage();
  const legacy = await connectEraClient('legacy', stage.gateway, '/mcp');
  amongOthers = { legacy, modern: await connectEraClient('modern', stage.gateway, '/mcp') };
});

afterAll(async () => {
  await amongOthers.legacy[Symbol.asyncDispose]();
  await amongOthers.modern[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

describe.each(COMBINATIONS)('a $client client of a $server server over $upstream', ({ client, server, upstream }) => {
  let me: EraClient;

  beforeAll(async () => {
    me = await connectEraClient(client, stage.gateway, `/servers/${stage.serverId({ server, upstream })}/mcp`);
  });

  afterAll(async () => {
    await me[Symbol.asyncDispose]();
  });

  it.each(FEATURES.map((feature) => ({ feature, outcome: outcomeOf(feature, client, server, upstream) })))(
    '$feature: $outcome',
    async ({ feature, outcome }) => {
      const serverId = stage.serverId({ server, upstream });
      const seen = await CHECKS[feature]({
        me,
        meAmongOthers: amongOthers[client],
        serverEra: server,
        serverId,
        serverNotes: () => stage.notes(serverId),
      });
      expect(seen).toBe(outcome);
    },
  );
});
