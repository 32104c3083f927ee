import { notApplicable, partly, planned, proven, type Area } from '../row.ts';

export const requestRoot: Area = {
  title: 'Request root',
  rows: [
    partly(
      'R31',
      'Traced: `/rpc`, `/mcp`, `/mcp/sse`, `/mcp/message`, `/sse`, `/message`, `/servers/{id}/mcp|sse|message`, with and without a trailing slash or a mount prefix. Not traced: `/health`, `/ready`, `/metrics`, `/mcp/unknown`, `/mcpfoo`, the page and its API.',
      '`/rpc`, the HTTP+SSE endpoints and mount prefixes, which do not exist yet',
      {
        test: 'test/integration/request-root.test.ts',
        guard: {
          file: 'src/gateway/edges/route.ts',
          find: "pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname",
          replace: 'pathname',
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
          find: 'const parent = fromMeta ?? fromHeaders;',
          replace: 'const parent = fromMeta;',
        },
      },
    ),
    proven(
      'R34',
      'A correlation id is taken from the request when its characters and length (255) are valid, else made; it is on the root and in the response header.',
      {
        test: 'test/integration/request-root.test.ts',
        guard: {
          file: 'src/telemetry/tracing-observer.ts',
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
    partly(
      'R37',
      'A stream holds no root open for hours: opening and closing are recorded by themselves, and each message has its own trace.',
      'records of a stream’s opening and closing',
      {
        test: 'test/integration/running-calls.test.ts',
        guard: {
          file: 'src/gateway/edges/mcp-door.ts',
          find: '          openNews(request, response, route, context.sessions);',
          replace:
            "          context.observer.exchange({ receivedAt: context.clock.now(), method: 'GET', route: route.template, path: route.template, query: '', httpVersion: '1.1', headers: {}, serverPort: null, meta: null });\n          openNews(request, response, route, context.sessions);",
        },
      },
    ),
    planned(
      'R38',
      'One call over the older HTTP+SSE transport is one trace, from `POST /message` to the answer on the stream.',
    ),
    planned('R39', 'What the gateway hands on inside itself never starts a new trace.'),
    planned(
      'R40',
      'Recording works when the handler never answers, throws after the headers are sent or sends headers outside ASCII.',
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
        file: 'src/gateway/edges/post.ts',
        find: 'if (batch !== null) {',
        replace: 'if (batch !== null && batch.length < 2) {',
      },
    }),
  ],
};
