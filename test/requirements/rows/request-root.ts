import { notApplicable, partly, proven, type Area } from '../row.ts';

export const requestRoot: Area = {
  title: 'Request root',
  rows: [
    proven(
      'R31',
      'Traced: `/rpc`, `/mcp`, `/mcp/sse`, `/mcp/message`, `/sse`, `/message`, `/servers/{id}/mcp|sse|message`, with and without a trailing slash or the mount prefix `/v1`. Not traced: `/health`, `/ready`, `/metrics`, `/mcp/unknown`, `/mcpfoo`, the page and its API.',
      {
        test: 'test/integration/doors/addresses.test.ts',
        guard: {
          file: 'src/gateway/edges/route.ts',
          find: "const MOUNT_PREFIX = '/v1';",
          replace: "const MOUNT_PREFIX = '/none';",
        },
      },
    ),
    notApplicable(
      'R32',
      'Calls over REST, A2A and WebSocket have a root span too.',
      'MCP is the only way in: nothing is called over REST, A2A or a WebSocket. The REST lines read traces, and the WebSocket is the page’s own.',
    ),
    proven(
      'R33',
      '`traceparent` and `tracestate` of a request become its parent; an invalid, all-zero, version `ff`, oversized or repeated header starts a new trace and fails nothing; future versions are read as W3C says, flags bit by bit.',
      {
        test: 'test/integration/propagation.test.ts',
        guard: {
          file: 'src/telemetry/trace-context.ts',
          find: '[fromMeta, fromHeaders, earlier].filter',
          replace: '[fromMeta, earlier].filter',
        },
      },
    ),
    proven(
      'R34',
      'A correlation id is taken from the request when its characters and length (255) are valid, else made; it is on the root and in the response header.',
      {
        test: 'test/integration/request-root.test.ts',
        guard: {
          file: 'src/telemetry/correlation-id.ts',
          find: 'incoming !== undefined && CORRELATION_ID.test(incoming) ?',
          replace: 'incoming !== undefined ?',
        },
      },
    ),
    partly(
      'R35',
      'Status: 5xx is an error; 4xx leaves it unset with `error.type`. A JSON-RPC error inside HTTP 200 sets `rpc.response.status_code`; the caller’s own mistakes (-32700, -32600, -32601, -32602, -32002) leave root and operation unset and mark the client span, other codes mark all. The list says `error` for each, `blocked` when a plugin stopped the call. No answer is an error.',
      '`blocked`, since there are no plugins yet',
      {
        test: 'test/integration/outcomes.test.ts',
        guard: {
          file: 'src/telemetry/outcome.ts',
          find: "if (side === 'serving' && CALLER_FAULT_CODES.has(code)) span.setAttribute(ATTR.errorMessage, message);\n  else fail(span, String(code), message);",
          replace: 'fail(span, String(code), message);',
        },
      },
    ),
    proven('R36', 'A client that goes away is recorded as cancelled: status unset, `error.type` = `cancelled`.', {
      test: 'test/integration/running-calls.test.ts',
      guard: {
        file: 'src/telemetry/tracing-observer.ts',
        find: 'root.setAttribute(ATTR.errorType, ERROR_TYPE_CANCELLED);',
        replace: '',
      },
    }),
    proven(
      'R37',
      'A stream holds no root open for hours: opening and closing are recorded by themselves, and each message has its own trace.',
      {
        test: 'test/integration/doors/stream-records.test.ts',
        guard: { file: 'src/gateway/edges/listen.ts', find: 'observation.closed(writer.messages);', replace: '' },
      },
    ),
    proven(
      'R38',
      'One call over the older HTTP+SSE transport is one trace, from `POST /message` to the answer on the stream.',
      {
        test: 'test/integration/doors/legacy-sse.test.ts',
        guard: {
          file: 'src/gateway/edges/sse-door.ts',
          find: 'const { text, outcome } = await dispatch.answer(',
          replace:
            "exchange.end({ kind: 'answered', statusCode: 202 });\n  const { text, outcome } = await dispatch.answer(",
        },
      },
    ),
    proven('R39', 'What the gateway hands on inside itself never starts a new trace.', {
      test: 'test/integration/doors/one-trace.test.ts',
      guard: {
        file: 'src/gateway/edges/dispatch.ts',
        find: 'const running = session.begin(frame.idText);',
        replace:
          "const running = session.begin(frame.idText);\n    context.observer.exchange({ receivedAt: 0, method: 'POST', route: '/inner', path: '/inner', query: '', httpVersion: '1.1', headers: {}, serverPort: null, meta: null }).end({ kind: 'disconnected' });",
      },
    }),
    proven(
      'R40',
      'Recording works when the handler never answers, throws after the headers are sent or is sent headers outside ASCII.',
      {
        test: 'test/gateway/edges/failing-handlers.test.ts',
        guard: { file: 'src/gateway/edges/receive.ts', find: '    exchange.fail();', replace: '' },
      },
    ),
    proven('R41', 'Every attribute of the root passes redaction, `user_agent.original` and the correlation id too.', {
      test: 'test/integration/request-root.test.ts',
      guard: {
        file: 'src/redaction/span.ts',
        find: "attributes: redactAttributes(span.attributes, '/attributes', list),",
        replace: 'attributes: span.attributes,',
      },
    }),
    proven('R42', 'A JSON-RPC batch has one root and one child for each entry.', {
      test: 'test/integration/request-root.test.ts',
      guard: {
        file: 'src/gateway/edges/receive.ts',
        find: 'if (batch !== null) {',
        replace: 'if (batch !== null && batch.length < 2) {',
      },
    }),
  ],
};
