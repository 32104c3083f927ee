import { runBridge } from '../bridge/bridge.ts';
import { createBridgeGateways } from './bridge-gateways.ts';
import type { BridgeCommand } from './commands.ts';
import type { Output } from './output.ts';
import { listenForStop } from './stop-request.ts';
import { keepHeapSmall } from './small-heap.ts';

export interface BridgeSurroundings {
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cliModule: string;
}

/** Stands between a client's stdio and the gateway until either ends. Answers with the exit code. */
export async function runBridgeCommand(command: BridgeCommand, surroundings: BridgeSurroundings): Promise<number> {
  keepHeapSmall();
  const { output, environment, cliModule } = surroundings;
  const stop = listenForStop(() => {
    output.err('throughline: The gateway took too long to end the session, so it was left to it.');
  });
  await runBridge({
    input: process.stdin,
    output: process.stdout,
    gateways: createBridgeGateways(command, environment, cliModule),
    path: command.server === null ? '/mcp' : `/servers/${encodeURIComponent(command.server)}/mcp`,
    say: (sentence) => {
      output.err(`throughline: ${sentence}`);
    },
    stop: stop.made,
  });
  return 0;
}
