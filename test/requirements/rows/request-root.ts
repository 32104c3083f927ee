import { notApplicable, planned, type Area } from '../row.ts';

export const requestRoot: Area = {
  title: 'Request root',
  rows: [
    planned(
      'R31',
      'Traced: `/rpc`, `/mcp`, `/mcp/sse`, `/mcp/message`, `/sse`, `/message`, `/servers/{id}/mcp|sse|message`, with and without a trailing slash or a mount prefix. Not traced: `/health`, `/ready`, `/metrics`, `/mcp/unknown`, `/mcpfoo`, the page and its API.',
    ),
    notApplicable(
      'R32',
      'Calls over REST, A2A and WebSocket have a root span too.',
      'MCP is the only way in: nothing is called over REST, A2A or a WebSocket. The REST lines read traces, and the WebSocket is the page’s own.',
    ),
    planned(
      'R33',
      '`traceparent` and `tracestate` of a request become its parent; an invalid, all-zero, version `ff`, oversized or repeated header starts a new trace and fails nothing; future versions are read as W3C says, flags bit by bit.',
    ),
    planned(
      'R34',
      'A correlation id is taken from the request when its characters and length (255) are valid, else made; it is on the root and in the response header.',
    ),
    planned(
      'R35',
      'Status: 5xx is an error; 4xx leaves it unset with `error.type`. A JSON-RPC error inside HTTP 200 sets `rpc.response.status_code`; the caller’s own mistakes (-32700, -32600, -32601, -32602, -32002) leave root and operation unset and mark the client span, other codes mark all. The list says `error` for each, `blocked` when a plugin stopped the call. No answer is an error.',
    ),
    planned('R36', 'A client that goes away is recorded as cancelled: status unset, `error.type` = `cancelled`.'),
    planned(
      'R37',
      'A stream holds no root open for hours: opening and closing are recorded by themselves, and each message has its own trace.',
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
    planned('R41', 'Every attribute of the root passes redaction, `user_agent.original` and the correlation id too.'),
    planned('R42', 'A JSON-RPC batch has one root and one child for each entry.'),
  ],
};
