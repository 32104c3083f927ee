import { notApplicable, partly, proven, type Area } from '../row.ts';

export const exportAndStorage: Area = {
  title: 'Export, storage, life of the process',
  rows: [
    proven(
      'R83',
      '`service.name` is right for the gateway and each process it starts, also when set late; what the user’s environment says wins.',
      {
        test: 'test/gateway/upstream/stdio-transport.test.ts',
        guard: {
          file: 'src/gateway/upstream/child-environment.ts',
          find: 'if (EXPORTER_VARIABLE.test(name)) return [...own].some((other) => ENDPOINT_VARIABLE.test(other));',
          replace: '',
        },
      },
    ),
    proven(
      'R84',
      'Several exporters run at once, each with its filter and capture policy; one that is dead slows no call, and what was dropped is counted and shown.',
      {
        test: 'test/runtime/forwarding/failures.test.ts',
        guard: {
          file: 'src/runtime/forwarding/trace-queue.ts',
          find: 'if (waiting.size >= maxTraces && !waiting.has(traceId)) dropped += 1;',
          replace: 'if (waiting.size >= 2 * maxTraces && !waiting.has(traceId)) dropped += 1;',
        },
      },
    ),
    proven(
      'R85',
      'An OTLP address may be a base or a full URL; `/v1/traces`, ports 4317 and 4318, own headers, the insecure switch, gzip, retries with growing pauses and a timeout are honoured.',
      {
        test: 'test/otlp/send/senders.test.ts',
        guard: {
          file: 'src/otlp/send/http-sender.ts',
          find: 'new Set([429, 502, 503, 504])',
          replace: 'new Set([500, 502, 503, 504])',
        },
      },
    ),
    proven(
      'R86',
      'Quitting stores what is under way within a time limit; a normal end loses nothing, a crash at most the last interval.',
      {
        test: 'test/runtime/recording.test.ts',
        guard: {
          file: 'src/runtime/recording.ts',
          find: 'const FLUSH_INTERVAL_MILLIS = 50;',
          replace: 'const FLUSH_INTERVAL_MILLIS = 150;',
        },
      },
    ),
    partly(
      'R87',
      'Writing is batched and beside the calls: throughput with tracing is 90 % or more of that without.',
      'the 90 %: `npm run bench -- --tracing` measures 87 % with a tool that takes 20 ms, and 34 to 45 % with servers that answer at once',
      {
        test: 'test/store/client/put-queue.test.ts',
        guard: {
          file: 'src/store/client/put-queue.ts',
          find: 'this.#isStopped || this.#isFullWith(batch.spans.length, characters)',
          replace: 'this.#isStopped',
        },
      },
    ),
    notApplicable(
      'R88',
      'A business transaction that fails does not undo trace data.',
      'There is no business transaction: the store holds traces and nothing else.',
    ),
    proven('R89', 'Limits on days, traces and bytes are kept all the time.', {
      test: 'test/store/worker/retention.test.ts',
      guard: {
        file: 'src/store/worker/eviction.ts',
        find: 'if (days === 0) return [];',
        replace: 'if (days >= 0) return [];',
      },
    }),
    proven('R90', 'The trace list stays fast and bounded at 100 000 traces, without a full scan.', {
      test: 'test/store/worker/trace-list.test.ts',
      guard: {
        file: 'src/store/schema/001-initial.ts',
        find: 'CREATE INDEX traces_by_start ON traces (start_time);',
        replace: '',
      },
    }),
    proven('R91', 'Sampling follows the parent and is recorded; the documents state the true default.', {
      test: 'test/telemetry/sampling.test.ts',
      guard: {
        file: 'src/telemetry/trace-context.ts',
        find: 'const isCallerSampled = (parent.traceFlags & TraceFlags.SAMPLED) !== 0;',
        replace: 'const isCallerSampled = parent.traceFlags === TraceFlags.SAMPLED;',
      },
    }),
    proven('R92', 'Tracing can be switched on and off while running.', {
      test: 'test/integration/tracing-policy.test.ts',
      guard: {
        file: 'src/telemetry/tracing-observer.ts',
        find: 'if (current !== known) {',
        replace: 'if (current.isRecording && current !== known) {',
      },
    }),
    proven('R93', 'The settings in the documents are those that are read.', {
      test: 'test/docs/configuration.test.ts',
      guard: {
        file: 'src/runtime/config/file-schema.ts',
        find: "  session: z.enum(['dedicated', 'shared']).optional(),",
        replace: '',
      },
    }),
    proven('R94', 'Attributes have the names of the semantic conventions, and their version is recorded.', {
      test: 'test/telemetry/attributes.test.ts',
      guard: {
        file: 'src/telemetry/tracer.ts',
        find: '[ATTR.semconvRevision]: SEMCONV_REVISION,',
        replace: '',
      },
    }),
    proven('R95', 'Durations come from a monotonic clock, and start times within a trace never go back.', {
      test: 'test/integration/span-tree.test.ts',
      guard: {
        file: 'src/gateway/clock.ts',
        find: 'now: () => offset + monotonic(),',
        replace: 'now: () => offset - monotonic(),',
      },
    }),
    proven(
      'R96',
      'The OTLP receiver takes JSON and protobuf, joins spans by trace id, and bears any order and repetition.',
      {
        test: 'test/integration/receiving/exporters.test.ts',
        guard: {
          file: 'src/runtime/ingest/span-ingest.ts',
          find: 'payloads: slice.payloads, isForeign: true',
          replace: 'payloads: slice.payloads',
        },
      },
    ),
    proven('R97', 'Tracing changes nothing of what passes but the trace context of messages to servers.', {
      test: 'test/integration/tracing-adds-nothing-else.test.ts',
      guard: {
        file: 'src/gateway/frame/edit.ts',
        find: '{ start: last.valueEnd, end: last.valueEnd, replacement: `,${entries}` }',
        replace: '{ start: first.keyStart, end: last.valueEnd, replacement: entries }',
      },
    }),
    proven(
      'R98',
      'Every claim of the user guide about propagation, pooling and redaction has a test of the same name.',
      {
        test: 'test/docs/claims.test.ts',
        guard: {
          file: 'docs/tracing.md',
          find: 'trace context carries no baggage upstream',
          replace: 'trace context carries all baggage upstream',
        },
      },
    ),
    proven(
      'R99',
      'No value is shown as HTML; durations keep their unit, and a list that cannot hold all rows says so.',
      {
        test: 'test/renderer/features/traces/stores.test.ts',
        guard: {
          file: 'renderer/features/traces/store.list.ts',
          find: 'return shown.traces.length >= SNAPSHOT_LIMIT ? shown.traces.length : null;',
          replace: 'return shown.traces.length < 0 ? shown.traces.length : null;',
        },
      },
    ),
    proven(
      'R100',
      'The gateway listens on the loopback address only, checks `Origin` and `Host`, and asks for the token.',
      {
        test: 'test/runtime/http/guard.test.ts',
        guard: {
          file: 'src/runtime/http/guard.ts',
          find: 'checkHost(request.hosts) ?? checkOrigin(request.origins);\n      if (refusal',
          replace: 'checkHost(request.hosts);\n      if (refusal',
        },
      },
    ),
    proven('R101', 'Each redaction can be explained in the viewer by rule and count; the value is not kept.', {
      test: 'test/redaction/findings.test.ts',
      guard: { file: 'src/redaction/findings.ts', find: 'rule: hit.rule,', replace: "rule: ''," },
    }),
    proven('R102', 'Store, exported files and settings can be read by their user only.', {
      test: 'test/runtime/app-home.test.ts',
      guard: {
        file: 'src/runtime/home/user-only-file.ts',
        find: "await open(draft, 'wx', 0o600)",
        replace: "await open(draft, 'wx', 0o644)",
      },
    }),
    proven(
      'R103',
      'An error answer the gateway makes itself has the same redacted text as the span and no inner detail; a server’s own answer is passed on unchanged.',
      {
        test: 'test/integration/outcomes.test.ts',
        guard: {
          file: 'src/gateway/routing/aggregate.ts',
          find: 'invalid(call, `Unknown ${WHAT[kind]} "${exposed}".`)',
          replace: 'invalid(call, `Cannot read properties of undefined`)',
        },
      },
    ),
  ],
};
