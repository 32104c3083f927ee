import { demoTools, type DemoTool, type DemoToolResult, type JsonObject } from './tools.ts';

const PROTOCOL_VERSION = '2025-11-25';
const PARSE_ERROR = -32700;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;

export interface DemoServerOptions {
  /** Sends one JSON-RPC message to the client. */
  readonly send: (message: JsonObject) => void;
  /** How long one step of a slow tool takes, in milliseconds. */
  readonly stepMs: number;
}

export interface DemoServer {
  /** Takes one line as it came from the client. */
  receive(line: string): void;
  /** Ends every call that is still running, without answering it. */
  close(): void;
}

interface Request {
  readonly id: string | number;
  readonly method: string;
  readonly params: JsonObject;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(container: JsonObject, key: string): JsonObject {
  const value = container[key];
  return isObject(value) ? value : {};
}

function initializeResult(): JsonObject {
  return {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: { tools: {} },
    serverInfo: { name: 'throughline-demo', title: 'Throughline demo server', version: '1.0.0' },
    instructions: 'Notes, reports and mail of an invented company. Nothing here leaves this machine.',
  };
}

function describeTool({ name, title, description, inputSchema }: DemoTool): JsonObject {
  return { name, title, description, inputSchema };
}

/** An MCP server (2025-11-25) whose tools show what a trace can look like: fast, slow, failing, secret, unanswered. */
export function createDemoServer({ send, stepMs }: DemoServerOptions): DemoServer {
  const running = new Map<string | number | null, AbortController>();

  const answer = (id: string | number, result: JsonObject): void => {
    send({ jsonrpc: '2.0', id, result });
  };
  const refuse = (id: string | number | null, code: number, message: string): void => {
    send({ jsonrpc: '2.0', id, error: { code, message } });
  };

  async function callTool(request: Request): Promise<void> {
    const tool = demoTools.find(({ name }) => name === request.params['name']);
    if (tool === undefined) {
      refuse(request.id, INVALID_PARAMS, `Unknown tool: ${String(request.params['name'])}`);
      return;
    }
    const cancel = new AbortController();
    running.set(request.id, cancel);
    const progressToken = objectAt(request.params, '_meta')['progressToken'];
    const result: DemoToolResult | null = await tool
      .call(objectAt(request.params, 'arguments'), {
        signal: cancel.signal,
        stepMs,
        progress(progress, total, message) {
          if (typeof progressToken !== 'string' && typeof progressToken !== 'number') return;
          const params = { progressToken, progress, total, message };
          send({ jsonrpc: '2.0', method: 'notifications/progress', params });
        },
      })
      .catch((error: unknown) => {
        // A cancelled request gets no answer (MCP, "Cancellation"); anything else is a defect of ours.
        if (cancel.signal.aborted) return null;
        throw error;
      });
    running.delete(request.id);
    if (result !== null) answer(request.id, { ...result });
  }

  function handleRequest(request: Request): void {
    switch (request.method) {
      case 'initialize':
        answer(request.id, initializeResult());
        break;
      case 'ping':
        answer(request.id, {});
        break;
      case 'tools/list':
        answer(request.id, { tools: demoTools.map(describeTool) });
        break;
      case 'tools/call':
        void callTool(request);
        break;
      default:
        refuse(request.id, METHOD_NOT_FOUND, `Method not found: ${request.method}`);
    }
  }

  return {
    receive(line) {
      const message = parseMessage(line);
      if (message === null) {
        refuse(null, PARSE_ERROR, 'Expected one JSON-RPC message on one line');
        return;
      }
      const { id, method } = message;
      // An answer to a request of ours: this server makes none.
      if (typeof method !== 'string') return;
      const params = objectAt(message, 'params');
      if (typeof id === 'string' || typeof id === 'number') handleRequest({ id, method, params });
      else running.get(cancelledId(method, params))?.abort();
    },
    close() {
      for (const cancel of running.values()) cancel.abort();
    },
  };
}

/** The request that a notification cancels; null when it is about something else. */
function cancelledId(method: string, params: JsonObject): string | number | null {
  const requestId = params['requestId'];
  if (method !== 'notifications/cancelled') return null;
  return typeof requestId === 'string' || typeof requestId === 'number' ? requestId : null;
}

function parseMessage(line: string): JsonObject | null {
  try {
    const message: unknown = JSON.parse(line);
    return isObject(message) ? message : null;
  } catch {
    // Not JSON: the caller answers with a parse error.
    return null;
  }
}
