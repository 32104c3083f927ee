import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLegacyHttpFixture } from '../../../fixtures/servers/eras/legacy-http.ts';
import { startModernHttpFixture } from '../../../fixtures/servers/modern/http.ts';
import { temporaryFolder } from '../../../support/cli-process.ts';
import { legacyEraStdio, modernConformanceStdio } from '../../../support/conformance-fixture.ts';
import { startGateway, type GatewayProcess } from '../../../support/gateway-process.ts';
import type { Combination } from './combinations.ts';

/** One gateway in front of a server of each era over each upstream. */
export interface Stage extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  serverId(combination: Pick<Combination, 'server' | 'upstream'>): string;
  /** What a server wrote down, oldest first. */
  notes(serverId: string): readonly string[];
}

const idOf: Stage['serverId'] = ({ server, upstream }) => `${server}-${upstream}`;

export async function startStage(): Promise<Stage> {
  const folder = temporaryFolder();
  const recordOf = (id: string): string => {
    const file = join(folder, id);
    writeFileSync(file, '');
    return file;
  };
  const legacy = await startLegacyHttpFixture();
  const modern = await startModernHttpFixture({ modernOnly: true });
  const mcpServers = {
    'legacy-stdio': legacyEraStdio(recordOf('legacy-stdio')),
    'legacy-http': { type: 'http', url: legacy.url },
    'modern-stdio': modernConformanceStdio(recordOf('modern-stdio'), { modernOnly: true }),
    'modern-http': { type: 'http', url: modern.url },
  };
  const gateway = await startGateway({ config: { mcpServers } });
  return {
    gateway,
    serverId: idOf,
    notes(serverId) {
      if (serverId === 'legacy-http') return legacy.notes();
      if (serverId === 'modern-http') return modern.requests();
      return readFileSync(join(folder, serverId), 'utf8').split('\n');
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await legacy.close();
      await modern.close();
    },
  };
}
