import { UserError } from '../shared/kernel/user-error.ts';
import { findLiveGateways, stateDirectory } from '../runtime/state-file.ts';

/** A running gateway and what is needed to speak to it. */
export interface Gateway {
  readonly origin: string;
  readonly token: string;
  /** Null unless it was read from the gateway's own state file and the gateway has one. */
  readonly operatorSecret: string | null;
}

export interface GatewayChoice {
  readonly url: string | null;
  readonly token: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The gateway the user named, or the newest one that runs. Rejects with a UserError when there is none. */
export async function findGateway({ url, token, environment }: GatewayChoice): Promise<Gateway> {
  const running = await findLiveGateways(stateDirectory(environment));
  const state = url === null ? running[0] : running.find((candidate) => sameGateway(candidate.url, url));
  const origin = url ?? state?.url;
  if (origin === undefined) {
    throw new UserError('No running gateway was found: start one with "throughline serve", or name it with --url.');
  }
  const fromEnvironment = environment['THROUGHLINE_TOKEN'];
  const chosen = token ?? (fromEnvironment === '' ? undefined : fromEnvironment) ?? state?.token;
  if (chosen === undefined) {
    throw new UserError(`The token of ${origin} is not known here: give it with --token or THROUGHLINE_TOKEN.`);
  }
  return { origin, token: chosen, operatorSecret: state?.operatorSecret ?? null };
}

type GatewayRequest = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

/** Asks the gateway and answers with its reply when that is a success; else rejects with a UserError's sentence. */
export async function callGateway(gateway: Gateway, path: string, init: GatewayRequest = {}): Promise<Response> {
  const response = await fetch(gateway.origin + path, {
    ...init,
    headers: { 'Content-Type': 'application/json', ...init.headers, Authorization: `Bearer ${gateway.token}` },
    redirect: 'error',
  }).catch((thrown: unknown) => {
    throw new UserError(`No gateway answers at ${gateway.origin}: start one with "throughline serve".`, {
      cause: thrown,
    });
  });
  if (response.ok) return response;
  if (response.status === 401) {
    throw new UserError(
      `The gateway at ${gateway.origin} refused the token: give the one it was started with by --token or THROUGHLINE_TOKEN.`,
    );
  }
  throw new UserError((await sentenceOf(response)) ?? `The gateway at ${gateway.origin} answered ${response.status}.`);
}

async function sentenceOf(response: Response): Promise<string | null> {
  const body: unknown = await response.json().catch(() => null);
  const error = isRecord(body) ? body['error'] : null;
  const message = isRecord(error) ? error['message'] : null;
  return typeof message === 'string' ? message : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A gateway listens on 127.0.0.1 whatever loopback name it is called by: the port tells which one it is. */
export function sameGateway(left: string, right: string): boolean {
  return URL.parse(left)?.port === URL.parse(right)?.port;
}
