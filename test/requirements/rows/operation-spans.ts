import { notApplicable, partly, planned, proven, type Area } from '../row.ts';

export const operationSpans: Area = {
  title: 'Operation and client spans',
  rows: [
    partly(
      'R43',
      'A tool call is root, operation, chain before, upstream call (initialize, request, response), chain after, with exactly these parents, over Streamable HTTP, HTTP+SSE and stdio.',
      'the chains before and after, and servers over HTTP+SSE',
      {
        test: 'test/integration/span-tree.test.ts',
        guard: {
          file: 'src/telemetry/tracing-observer.ts',
          find: 'const inside = trace.setSpan(parent, span);',
          replace: 'const inside = parent;',
        },
      },
    ),
    proven(
      'R44',
      'A call on a reused upstream session has client spans too; `initialize` appears only when it happened, and `session.reused` says which.',
      {
        test: 'test/integration/span-tree.test.ts',
        guard: {
          file: 'src/gateway/upstream/session-pool.ts',
          find: 'call.sessionReused(existing !== undefined);',
          replace: 'call.sessionReused(false);',
        },
      },
    ),
    proven(
      'R45',
      'Tracing on, off or sampled changes neither the number of upstream sessions, nor how long they live, nor the order of what is sent.',
      {
        test: 'test/integration/tracing-changes-nothing.test.ts',
        guard: {
          file: 'src/gateway/upstream/session-pool.ts',
          find: 'const existing = usable(owner.id);',
          replace: "const existing = call.traceContext.traceparent === '' ? usable(owner.id) : undefined;",
        },
      },
    ),
    proven('R46', 'Client spans have kind CLIENT, the root has kind SERVER.', {
      test: 'test/integration/span-tree.test.ts',
      guard: {
        file: 'src/telemetry/upstream-call.ts',
        find: '{ name: SPAN_CLIENT_CALL, kind: SpanKind.CLIENT,',
        replace: '{ name: SPAN_CLIENT_CALL, kind: SpanKind.INTERNAL,',
      },
    }),
    proven(
      'R47',
      'A tool result with `isError: true` makes operation and client spans errors with `error.type` = `tool_error`.',
      {
        test: 'test/integration/outcomes.test.ts',
        guard: {
          file: 'src/telemetry/outcome.ts',
          find: '(outcome.isToolError)',
          replace: "(outcome.isToolError && side === 'calling')",
        },
      },
    ),
    planned(
      'R48',
      'A transport failure has a category in `error.type` (connection_refused, timeout, ssl_tls, dns_resolution, connection_reset, not_found ...) and shows its innermost cause, never an empty or generic message.',
    ),
    partly(
      'R49',
      'Prompts, resources, lists, completion, subscriptions, notifications, sampling and elicitation have client spans and carry the trace context as tool calls do.',
      'tests of completion, subscriptions, notifications, sampling and elicitation',
      {
        test: 'test/integration/span-tree.test.ts',
        guard: { file: 'src/telemetry/span-names.ts', find: "'prompts/get': 'prompt.render',", replace: '' },
      },
    ),
    notApplicable(
      'R50',
      'Tools that are REST, gRPC or A2A services have a client span and trace headers.',
      'The gateway speaks MCP to every server behind it; it makes no tool out of a REST, gRPC or A2A service.',
    ),
    partly(
      'R51',
      'Lists record how many items came back; each attempt of a retried call is a client span of its own with its number.',
      'a test of the attempts of a retried call',
      {
        test: 'test/integration/span-tree.test.ts',
        guard: {
          file: 'src/telemetry/tracing-observer.ts',
          find: "outcome.kind === 'result' && outcome.count !== undefined",
          replace: "outcome.kind === 'accepted'",
        },
      },
    ),
    proven('R52', 'A timeout, a cancellation or the end of the gateway closes every open span with the right status.', {
      test: 'test/integration/running-calls.test.ts',
      guard: {
        file: 'src/gateway/upstream/upstream-session.ts',
        find: '          }, timeoutMillis)',
        replace: '          }, 2_000_000_000)',
      },
    }),
    proven('R53', 'A call that hangs can be seen while it does, with the time it has taken.', {
      test: 'test/integration/running-calls.test.ts',
      guard: {
        file: 'src/telemetry/recorder.ts',
        find: 'const pending = this.#take(span);',
        replace: 'const pending = this.#changed.get(span.spanContext().traceId);',
      },
    }),
    proven(
      'R54',
      'Calls at the same time never mix: 200 parallel calls with their own trace ids are 200 traces without a foreign parent.',
      {
        test: 'test/integration/concurrency.test.ts',
        guard: {
          file: 'src/telemetry/upstream-call.ts',
          find: 'traceContext: contextToSend(call),',
          replace: 'traceContext: contextToSend(trace.getSpan(parent) ?? call),',
        },
      },
    ),
    proven('R55', 'Health checks are traces of their own, of low priority, which can be hidden.', {
      test: 'test/gateway/upstream/health-check.test.ts',
      guard: {
        file: 'src/gateway/upstream/upstream-server.ts',
        find: "this.#upkeep('health',",
        replace: "this.#upkeep('refresh',",
      },
    }),
    planned(
      'R56',
      'What a server asks of the client (sampling, elicitation, roots) is shown under the tool call that caused it.',
    ),
    planned('R57', 'What takes no time is an event or an attribute, not a span.'),
  ],
};
