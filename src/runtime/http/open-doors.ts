import type { ReportFailure } from '../log.ts';
import type { ContractRouter } from '../operations/context.ts';
import type { RuntimeServices } from '../services.ts';
import { createHealthDoor } from './health-door.ts';
import type { HttpDoor } from './http-door.ts';
import { createHttpHost } from './http-host.ts';
import { createOtlpDoor, OTLP_PATH, type OtlpDoorOptions } from './otlp-door.ts';
import { createPageDoor, PAGE_TOKEN_PATH } from './page-door.ts';
import { createPageSessions } from './page-sessions.ts';
import { createRestDoor } from './rest-door.ts';
import { createUiDoor, isPageFile } from './ui-door.ts';
import { createWsDoor, type WsDoorOptions } from './ws-door.ts';

export interface OpenDoorsOptions extends Pick<WsDoorOptions, 'firstMessageTimeoutMs' | 'maxBufferedBytes'> {
  /** 0 takes a free port. */
  readonly port: number;
  readonly token: string;
  /** Takes spans in, and nothing else. */
  readonly ingestToken: string;
  readonly receiver: Omit<OtlpDoorOptions, 'report'>;
  /** Asked before our own doors: the gateway's. */
  readonly gatewayDoors: readonly HttpDoor[];
  readonly services: Pick<RuntimeServices, 'store' | 'exports' | 'imports'>;
  readonly router: ContractRouter;
  readonly rendererDir: string;
  /** See RestDoorOptions. */
  readonly operatorSecret: string | null;
  /** What `/ready` says. */
  readonly isReady: () => boolean;
  readonly report: ReportFailure;
  readonly closeGraceMs?: number;
}

export interface OpenDoors {
  /** For example `http://127.0.0.1:4820`. */
  readonly origin: string;
  readonly port: number;
  /** Address of the page with a fresh one-time code in its fragment; the page it opens has these rights. */
  createUiUrl(canManage: boolean): string;
  /** Pages that are connected now. */
  pageCount(): number;
  /** Closes the pages' sockets and takes nothing more in but spans: servers send their last when they end. */
  drain(): Promise<void>;
  /** Closes the pages' sockets, then the listener. Idempotent. */
  close(): Promise<void>;
}

/** Opens everything this product answers on over HTTP. Rejects with a UserError when the port cannot be had. */
export async function openDoors(options: OpenDoorsOptions): Promise<OpenDoors> {
  const { services, report } = options;
  const sessions = createPageSessions({ now: () => performance.now() });
  const pages = createWsDoor({ ...options, sessions });
  let origin = '';
  const createUiUrl = (canManage: boolean): string => `${origin}/#code=${sessions.issueCode({ canManage })}`;
  const host = await createHttpHost({
    ...options,
    isPublic: isPublicRoute,
    staysOpen: (path) => path === OTLP_PATH,
    ingest: { token: options.ingestToken, opens: (path) => path === OTLP_PATH },
    doors: [
      ...options.gatewayDoors,
      createHealthDoor(options.isReady),
      createOtlpDoor({ ...options.receiver, report }),
      createPageDoor(sessions),
      createRestDoor({ services, createUiUrl, operatorSecret: options.operatorSecret, report }),
      createUiDoor({ rendererDir: options.rendererDir, report }),
    ],
    upgrade: pages,
  });
  origin = host.origin;
  return {
    origin,
    port: host.port,
    createUiUrl,
    pageCount: () => pages.pageCount(),
    drain() {
      pages.close();
      return host.drain();
    },
    close() {
      pages.close();
      return host.close();
    },
  };
}

/** The page's files hold no data, and its one-time code is what the page has instead of the token. */
function isPublicRoute(method: string, path: string): boolean {
  return isPageFile(method, path) || (method === 'POST' && path === PAGE_TOKEN_PATH);
}
