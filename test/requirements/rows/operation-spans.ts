import { notApplicable, partly, proven, type Area } from '../row.ts';

export const operationSpans: Area = {
  title: 'Operation and client spans',
  rows: [
    partly(
      'R43',
      'A tool call is root, operation, chain before, upstream call (initialize, request, response), chain after, with exactly these parents, over Streamable HTTP, HTTP+SSE and stdio.',
      'the chains before and after, since there are no plugins yet',
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
        find: 'const call = startSpan(tracing, { name, kind: SpanKind.CLIENT, attributes }, parent);',
        replace: 'const call = startSpan(tracing, { name, kind: SpanKind.INTERNAL, attributes }, parent);',
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
    proven(
      'R48',
      'A transport failure has a category in `error.type` (connection_refused, timeout, ssl_tls, dns_resolution, connection_reset, not_found ...) and shows its innermost cause, never an empty or generic message.',
      {
        test: 'test/integration/bad-input/servers-that-do-not-start.test.ts',
        guard: {
          file: 'src/gateway/upstream/outcome.ts',
          find: "return { kind: 'failed', category, message: sanitize(message), messageText, cause: causeOf(thrown) };",
          replace: "return { kind: 'failed', category: 'unknown', message: sanitize(message), messageText };",
        },
      },
    ),
    proven(
      'R49',
      'Prompts, resources, lists, completion, subscriptions, notifications, sampling and elicitation have client spans and carry the trace context as tool calls do.',
      {
        test: 'test/integration/server-messages/on-the-wire.test.ts',
        guard: {
          file: 'src/gateway/upstream/upstream-session.ts',
          find: 'const text = applyEdits(frame.text, editTraceContext(frame, traceContext, { baggage }));',
          replace: 'const text = frame.text;',
        },
      },
    ),
    notApplicable(
      'R50',
      'Tools that are REST, gRPC or A2A services have a client span and trace headers.',
      'The gateway speaks MCP to every server behind it; it makes no tool out of a REST, gRPC or A2A service.',
    ),
    proven(
      'R51',
      'Lists record how many items came back; each attempt of a retried call is a client span of its own with its number.',
      {
        test: 'test/integration/attempts.test.ts',
        guard: {
          file: 'src/telemetry/attributes.ts',
          find: '[ATTR.retryAttempt]: start.attempt > 1 ? start.attempt : undefined,',
          replace: '',
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
    proven(
      'R56',
      'What a server asks of the client (sampling, elicitation, roots) is shown under the tool call that caused it.',
      {
        test: 'test/integration/server-messages/questions.test.ts',
        guard: {
          file: 'src/gateway/session/open-questions.ts',
          find: '(wait ?? this.#watch).question(',
          replace: 'this.#watch.question(',
        },
      },
    ),
    proven('R57', 'What takes no time is an event or an attribute, not a span.', {
      test: 'test/telemetry/durations.test.ts',
      guard: {
        file: 'src/telemetry/upstream-call.ts',
        find: 'const start = { name: SPAN_CLIENT_RESPONSE, kind: SpanKind.INTERNAL, startedAt: firstByteAt };\n      response = startSpan(tracing, start, parent);',
        replace:
          'response = startSpan(tracing, { name: SPAN_CLIENT_RESPONSE, kind: SpanKind.INTERNAL, startedAt: firstByteAt }, parent);\n      response.end(hrTime(firstByteAt));',
      },
    }),
  ],
};
