import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../gateway/frame/compose.ts';
import { messageOf } from '../shared/kernel/user-error.ts';
import { Carrier } from './carrier.ts';
import { readClientMessage, type ClientMessage } from './client-message.ts';
import { Connector } from './connector.ts';
import { GatewayReach } from './gateway-reach.ts';
import type { GatewaySource } from './gateway-source.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createLineWriter, readLines, type LineWriter } from './json-lines.ts';
import { BRIDGE_ERROR } from './refusal.ts';
import { StatelessCalls } from './stateless-calls.ts';

export interface BridgeOptions {
  /** The client's messages. */
  readonly input: Readable;
  /** Gets messages and nothing else. */
  readonly output: Writable;
  readonly gateways: GatewaySource;
  /** Of the gateway: `/mcp`, or `/servers/ID/mcp`. */
  readonly path: string;
  /** Tells the user, not the client. */
  readonly say: (sentence: string) => void;
  /** Resolves when the bridge is asked to end. */
  readonly stop: Promise<void>;
  readonly bounds?: Partial<BridgeBounds>;
}

/** All in milliseconds. */
export interface BridgeBounds {
  /** How long a message waits for a gateway. Most clients give up after 60 s, and should see our sentence before. */
  readonly delivery: number;
  /** How long answers may still come after the client has closed its side. */
  readonly afterEnd: number;
  /** The same after a signal: who sent it waits no longer than 2 s. */
  readonly afterStop: number;
  /** How long a client's `initialize` is waited for when there is no gateway, so that it hears the reason. */
  readonly farewell: number;
  readonly endSession: number;
  readonly replaceAfter: number;
}

const BOUNDS: BridgeBounds = {
  delivery: 55_000,
  afterEnd: 10_000,
  afterStop: 1_000,
  farewell: 1_000,
  endSession: 500,
  replaceAfter: 10_000,
};

const LOST = 'The connection to the gateway is lost; waiting for it to come back.';
const ENDED = 'The bridge was ended before this call was answered.';

/**
 * Speaks MCP over a pair of streams to the running gateway, as raw text, until the client or `stop` ends it. Rejects with a
 * UserError, of which the client is told too, when there is no gateway to begin with.
 */
export async function runBridge(options: BridgeOptions): Promise<void> {
  const bounds = { ...BOUNDS, ...options.bounds };
  const { input, output, gateways, path, say } = options;
  const writer = createLineWriter(output);
  const inbox = createInbox({ onFull: () => input.pause(), onRoom: () => input.resume() });
  const connector: Connector = new Connector({
    gateways,
    path,
    replaceAfterMillis: bounds.replaceAfter,
    receive: (text) => writer.write(text),
    onOpened: (session) => void carrier.listen(session),
    onReopened: (session, remembered) => carrier.resume(session, remembered),
    onLost: (session) => {
      say(LOST);
      carrier.takeBack(session);
    },
  });
  const carrier: Carrier = new Carrier({ connector, inbox, say, write: (text) => writer.write(text) });
  const reach = new GatewayReach({
    gateways,
    path,
    replaceAfterMillis: bounds.replaceAfter,
    onLost: () => {
      say(LOST);
    },
  });
  const stateless = new StatelessCalls({ reach, inbox, write: (text) => writer.write(text) });
  const arrived = takeMessages(input, inbox, writer, bounds.delivery);
  const ended = Promise.race([options.stop, writer.closed]);

  try {
    const hasBegun = await Promise.race([connector.begin().then(() => true), ended.then(() => false)]);
    if (hasBegun) {
      void pump({ inbox, carrier, stateless, connector });
      await end(options.stop, inbox, writer, bounds);
    }
  } catch (thrown) {
    await Promise.race([arrived, ended, delay(bounds.farewell, null, { ref: true })]);
    await refuseAll(inbox, writer, messageOf(thrown));
    throw thrown;
  } finally {
    carrier.stop();
    carrier.endAll(ENDED);
    stateless.endAll(ENDED);
    reach.stop();
    await refuseAll(inbox, writer, ENDED);
    await connector.stop(bounds.endSession);
    await Promise.race([writer.flushed(), delay(bounds.endSession)]);
  }
}

/** Resolves when the first message is there, or none will come. */
function takeMessages(input: Readable, inbox: Inbox, writer: LineWriter, deliveryMillis: number): Promise<void> {
  return new Promise((resolve) => {
    let place = 0;
    readLines(input, {
      onLine: (text) => {
        place += 1;
        inbox.push(readClientMessage(text, place, performance.now() + deliveryMillis));
        resolve();
      },
      onOverflow: () => {
        const message = 'The message is larger than the bridge takes.';
        void writer.write(errorText(null, { code: BRIDGE_ERROR, message }));
      },
      onEnd: () => {
        inbox.end();
        resolve();
      },
    });
  });
}

interface Parts {
  readonly inbox: Inbox;
  readonly carrier: Carrier;
  readonly stateless: StatelessCalls;
  readonly connector: Connector;
}

async function pump(parts: Parts): Promise<void> {
  const { inbox, carrier, stateless } = parts;
  for (let message = await inbox.next(); message !== null; message = await inbox.next()) {
    if (message.stateless !== null) await stateless.deliver(message, message.stateless);
    else if (isSettledHere(message, parts)) inbox.done(message);
    else await carrier.deliver(message);
  }
}

/** The gateway hears of a notification in a session, or by what becomes of the request that it is about. */
function isSettledHere({ kind, cancels }: ClientMessage, { stateless, connector }: Parts): boolean {
  if (cancels !== null && stateless.cancel(cancels)) return true;
  return (kind === 'notification' || kind === 'opened') && !connector.wasAsked;
}

/** Waits until there is nothing left to do, or no more time for it. */
async function end(stop: Promise<void>, inbox: Inbox, writer: LineWriter, bounds: BridgeBounds): Promise<void> {
  const stopped = stop.then(() => {
    inbox.end();
    return Promise.race([inbox.emptied, delay(bounds.afterStop)]);
  });
  const drained = inbox.drained.then(() => Promise.race([inbox.emptied, delay(bounds.afterEnd)]));
  await Promise.race([stopped, drained, writer.closed]);
}

/** Gives everything that waits for an answer the reason why there will be none. */
async function refuseAll(inbox: Inbox, writer: LineWriter, sentence: string): Promise<void> {
  for (const message of inbox.takeAll()) {
    for (const idText of message.unanswered) {
      await writer.write(errorText(idText, { code: BRIDGE_ERROR, message: sentence }));
    }
  }
}
