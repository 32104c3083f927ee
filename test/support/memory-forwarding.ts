import { ORPCError } from '@orpc/client';
import type { Api } from '../../renderer/bridge/bridge.ts';
import type { ForwardPreview, ForwardStatus, ForwardTrial } from '../../src/shared/contract/messages.ts';
import { createChanges } from './memory-changes.ts';

/** Forwarding without a gateway: it sends nothing. */
export interface MemoryForwarding {
  readonly api: Api['forwarding'];
  readonly endpoints: readonly ForwardStatus[];
  setEndpoints(endpoints: readonly ForwardStatus[]): void;
  setTrial(trial: ForwardTrial): void;
  setSample(preview: Pick<ForwardPreview, 'matching' | 'stored' | 'sample'>): void;
  /** Header values as they came with the last save; null for one that was to be kept. */
  readonly sentHeaders: Readonly<Record<string, string | null>>;
}

type Edited = Parameters<Api['forwarding']['preview']>[0]['endpoint'];

const NO_COUNTS = { sentTraces: 0, sentSpans: 0, queuedTraces: 0, droppedTraces: 0, rejectedSpans: 0 };

export function createMemoryForwarding(
  mustManage: () => void,
  called: (name: string) => Promise<null>,
): MemoryForwarding {
  const changes = createChanges();
  let endpoints: readonly ForwardStatus[] = [];
  let trial: ForwardTrial = { isOk: true, sentence: 'It answered 200 OK in 12 ms.' };
  let stored: Pick<ForwardPreview, 'matching' | 'stored' | 'sample'> = { matching: 0, stored: 0, sample: null };
  let sentHeaders: Readonly<Record<string, string | null>> = {};
  let revision = 1;
  const put = (next: readonly ForwardStatus[]): void => {
    endpoints = next;
    revision += 1;
    changes.announce();
  };
  return {
    get endpoints() {
      return endpoints;
    },
    get sentHeaders() {
      return sentHeaders;
    },
    setEndpoints: put,
    setTrial(next) {
      trial = next;
    },
    setSample(next) {
      stored = next;
    },
    api: {
      watch: async ({ cursor, waitMs }, options) => {
        await changes.until(() => cursor === null || cursor < revision, waitMs, options?.signal);
        return { cursor: revision, endpoints };
      },
      save: async ({ name, formerName, endpoint }) => {
        mustManage();
        sentHeaders = endpoint.headers;
        const before = endpoints.find((each) => each.name === formerName);
        const { headers, ...rest } = endpoint;
        const saved: ForwardStatus = {
          ...rest,
          name,
          headerNames: Object.keys(headers),
          source: 'saved',
          state: endpoint.isEnabled ? 'idle' : 'off',
          counts: before?.counts ?? NO_COUNTS,
          lastError: null,
          lastSentAt: before?.lastSentAt ?? null,
        };
        put(before === undefined ? [...endpoints, saved] : endpoints.map((each) => (each === before ? saved : each)));
        return called('forwarding.save');
      },
      remove: async ({ name }) => {
        mustManage();
        put(endpoints.filter((each) => each.name !== name));
        return called('forwarding.remove');
      },
      preview: async ({ endpoint }) => {
        refuseUnknownFilter(endpoint);
        return { url: addressOf(endpoint), headerNames: Object.keys(endpoint.headers), ...stored };
      },
      try: async () => {
        mustManage();
        await called('forwarding.try');
        return trial;
      },
    },
  };
}

function addressOf({ url, protocol }: Edited): string {
  if (protocol === 'grpc' || url.endsWith('/v1/traces')) return url;
  return `${url.replace(/\/$/, '')}/v1/traces`;
}

function refuseUnknownFilter({ filter }: Edited): void {
  const key = /(?:^|\s)-?([a-z_]+):/.exec(filter)?.[1];
  if (key === undefined || ['tool', 'server', 'status', 'dur', 'redacted'].includes(key)) return;
  throw new ORPCError('BAD_REQUEST', { message: `“${key}:” is not a filter. Use one of tool: server: status: dur:.` });
}
