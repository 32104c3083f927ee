import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENDPOINT_DEFAULTS } from '../../../src/shared/domain/forwarding.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { startHttpReceiver } from '../../support/forward-receiver.ts';
import { startHomeRuntime } from '../config/home-runtime.ts';

const TOKEN = 'correct-horse-battery-staple';
const question = { cursor: null, waitMs: 0 };

describe('an endpoint that a page has saved', () => {
  it('R25: is there again after a restart, its header kept apart from the config and shown nowhere', async () => {
    const folder = temporaryFolder();
    const receiver = await startHttpReceiver();
    const endpoint = {
      ...ENDPOINT_DEFAULTS,
      payloads: { requests: 'none', responses: 'none' } as const,
      url: receiver.url,
      headers: { 'x-api-key': TOKEN },
    };
    {
      await using home = await startHomeRuntime(folder);
      await home.page.forwarding.save({ name: 'collector', formerName: null, endpoint });
    }
    const config = readFileSync(join(folder, 'config.json'), 'utf8');
    expect(JSON.parse(config)).toMatchObject({
      otlp: { endpoints: { collector: { headers: { 'x-api-key': '${secret:@otlp/collector/x-api-key}' } } } },
    });
    expect(config).not.toContain(TOKEN);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);

    await using home = await startHomeRuntime(folder);
    const feed = await home.page.forwarding.watch(question);
    expect(feed.endpoints).toMatchObject([{ name: 'collector', source: 'saved', headerNames: ['x-api-key'] }]);
    expect(JSON.stringify(feed)).not.toContain(TOKEN);
    const kept = { ...endpoint, headers: { 'x-api-key': null } };
    expect(await home.page.forwarding.try({ name: 'collector', endpoint: kept })).toMatchObject({ isOk: true });
    expect(receiver.requests.at(-1)?.headers['x-api-key']).toBe(TOKEN);

    await home.page.forwarding.remove({ name: 'collector' });
    expect((await home.page.forwarding.watch(question)).endpoints).toEqual([]);
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('x-api-key');
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).not.toContain('collector');
    expect(home.log()).not.toContain(TOKEN);
  });
});
