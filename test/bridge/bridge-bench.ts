import { eventually } from '../support/eventually.ts';
import { INITIALIZED, sourceOf, startBridge, type BridgeRun } from './bridge-run.ts';
import { readLoosely, ScriptedGateway, type Received, type ScriptedGatewayOptions } from './scripted-gateway.ts';

/** A bridge and the gateways of one test, ended together. */
export class BridgeBench implements AsyncDisposable {
  /** The one that runs, and that the bridge finds. */
  gateway: ScriptedGateway | null = null;
  #bridge: BridgeRun | null = null;
  readonly #gateways: ScriptedGateway[] = [];

  get bridge(): BridgeRun {
    if (this.#bridge === null) throw new Error('No bridge was started.');
    return this.#bridge;
  }

  async startGateway(options: ScriptedGatewayOptions = {}): Promise<ScriptedGateway> {
    const gateway = await ScriptedGateway.start(options);
    this.#gateways.push(gateway);
    this.gateway = gateway;
    return gateway;
  }

  startBridge(gateways = sourceOf(() => this.gateway), bounds: Parameters<typeof startBridge>[1] = {}): BridgeRun {
    this.#bridge = startBridge(gateways, bounds);
    return this.#bridge;
  }

  /** A bridge whose client has opened its session with a gateway that does what `options` say. */
  async opened(
    options: ScriptedGatewayOptions = {},
    bounds: Parameters<typeof startBridge>[1] = {},
  ): Promise<ScriptedGateway> {
    const gateway = await this.startGateway(options);
    const bridge = this.startBridge(undefined, bounds);
    await bridge.initialize();
    await eventually('the session is open', () => gateway.news.length > 0 && gateway.posted.includes(INITIALIZED));
    return gateway;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#bridge?.stop();
    await this.#bridge?.ended.catch(() => undefined);
    for (const gateway of this.#gateways) await gateway.kill();
  }
}

export const isCall = (text: string): boolean => readLoosely(text).method === 'tools/call';

/** Keeps the calls without an answer; the test gives them theirs. */
export function holdCalls(held: Received[]): NonNullable<ScriptedGatewayOptions['onPost']> {
  return (received) => {
    if (!isCall(received.text)) return false;
    held.push(received);
    return true;
  };
}

/** The answer that tells which call it is of. */
export function answerOf(request: string): string {
  const { id } = readLoosely(request);
  return JSON.stringify({ jsonrpc: '2.0', id, result: { of: id } });
}
