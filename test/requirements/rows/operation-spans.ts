import { notApplicable, planned, type Area } from '../row.ts';

export const operationSpans: Area = {
  title: 'Operation and client spans',
  rows: [
    planned(
      'R43',
      'A tool call is root, operation, chain before, upstream call (initialize, request, response), chain after, with exactly these parents, over Streamable HTTP, HTTP+SSE and stdio.',
    ),
    planned(
      'R44',
      'A call on a reused upstream session has client spans too; `initialize` appears only when it happened, and `session.reused` says which.',
    ),
    planned(
      'R45',
      'Tracing on, off or sampled changes neither the number of upstream sessions, nor how long they live, nor the order of what is sent.',
    ),
    planned('R46', 'Client spans have kind CLIENT, the root has kind SERVER.'),
    planned(
      'R47',
      'A tool result with `isError: true` makes operation and client spans errors with `error.type` = `tool_error`.',
    ),
    planned(
      'R48',
      'A transport failure has a category in `error.type` (connection_refused, timeout, ssl_tls, dns_resolution, connection_reset, not_found ...) and shows its innermost cause, never an empty or generic message.',
    ),
    planned(
      'R49',
      'Prompts, resources, lists, completion, subscriptions, notifications, sampling and elicitation have client spans and carry the trace context as tool calls do.',
    ),
    notApplicable(
      'R50',
      'Tools that are REST, gRPC or A2A services have a client span and trace headers.',
      'The gateway speaks MCP to every server behind it; it makes no tool out of a REST, gRPC or A2A service.',
    ),
    planned(
      'R51',
      'Lists record how many items came back; each attempt of a retried call is a client span of its own with its number.',
    ),
    planned('R52', 'A timeout, a cancellation or the end of the gateway closes every open span with the right status.'),
    planned('R53', 'A call that hangs can be seen while it does, with the time it has taken.'),
    planned(
      'R54',
      'Calls at the same time never mix: 200 parallel calls with their own trace ids are 200 traces without a foreign parent.',
    ),
    planned('R55', 'Health checks are traces of their own, of low priority, which can be hidden.'),
    planned(
      'R56',
      'What a server asks of the client (sampling, elicitation, roots) is shown under the tool call that caused it.',
    ),
    planned('R57', 'What takes no time is an event or an attribute, not a span.'),
  ],
};
