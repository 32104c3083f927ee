import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { ServerView } from '../../src/shared/domain/server.ts';

export interface ServerWish {
  readonly tools?: readonly string[];
  readonly prompts?: readonly string[];
  readonly resources?: readonly string[];
  readonly view?: Partial<ServerView>;
}

/** A connected server as the interface sees it; what a test is about is given in `wish`. */
export function makeServerView(id: string, wish: ServerWish = {}): ServerView {
  const items = (names: readonly string[]) => names.map((name) => ({ name, exposedName: `${id}__${name}` }));
  return {
    id: id as ServerId,
    transport: 'stdio',
    address: `run ${id}`,
    state: 'connected',
    failure: null,
    retryAt: null,
    pid: 1,
    session: 'shared',
    prefix: id,
    serverName: id,
    serverVersion: '1.0.0',
    protocolVersion: '2025-11-25',
    tools: items(wish.tools ?? []).map((item) => ({ ...item, title: null, description: `What ${item.name} does.` })),
    prompts: items(wish.prompts ?? []),
    resources: (wish.resources ?? []).map((name) => ({ name, exposedName: name })),
    logLines: 0,
    ...wish.view,
  };
}
