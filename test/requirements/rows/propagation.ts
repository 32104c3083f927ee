import { planned, proven, type Area } from '../row.ts';

export const propagation: Area = {
  title: 'Trace context',
  rows: [
    proven(
      'R58',
      'Each upstream request carries the `_meta.traceparent` of its own client span: two calls on one session have two span ids and the right trace ids.',
      {
        test: 'test/integration/propagation.test.ts',
        guard: {
          file: 'src/telemetry/upstream-call.ts',
          find: 'traceContext: contextToSend(call),',
          replace: 'traceContext: contextToSend(trace.getSpan(parent) ?? call),',
        },
      },
    ),
    proven(
      'R59',
      'Trace headers are made for each request when it is sent and are never among the fixed headers of a reused transport.',
      {
        test: 'test/integration/propagation.test.ts',
        guard: {
          file: 'src/gateway/upstream/http-wire.ts',
          find: 'const headers = [...this.#headers.POST, ...Object.entries(own).flat()];\n    if (context !== null) {',
          replace:
            "const headers = this.#headers.POST as string[];\n    if (context !== null && !headers.includes('traceparent')) {",
        },
      },
    ),
    proven(
      'R60',
      'Header and `_meta` of one request agree; other keys of `_meta` are kept, and the caller’s object is not changed.',
      {
        test: 'test/integration/propagation.test.ts',
        guard: {
          file: 'src/gateway/frame/edit.ts',
          find: 'const lastKept = meta.findLast((member) => !leaves(member));',
          replace: 'const lastKept = meta.findLast(() => false);',
        },
      },
    ),
    proven(
      'R61',
      'A `traceparent` the caller sent, in any letter case, is replaced, never doubled and never handed on as it came.',
      {
        test: 'test/gateway/frame/edit.test.ts',
        guard: {
          file: 'src/gateway/frame/edit.ts',
          find: '|baggage)$/i;',
          replace: '|baggage)$/;',
        },
      },
    ),
    proven(
      'R62',
      'Context in `_meta` goes before the header: the root has it as its parent and links the header’s when they differ; in a batch the root takes the header and each entry links its own.',
      {
        test: 'test/integration/propagation.test.ts',
        guard: {
          file: 'src/telemetry/trace-context.ts',
          find: 'others.filter((context) => !isSame(context, parent))',
          replace: 'others.filter(() => false)',
        },
      },
    ),
    proven('R63', 'Baggage goes to no server unless that was asked for.', {
      test: 'test/integration/baggage.test.ts',
      guard: { file: 'src/gateway/frame/edit.ts', find: 'tracestate|baggage', replace: 'tracestate' },
    }),
    proven(
      'R64',
      'Baggage that is handed on is bounded in entries and size, its keys and values are checked, keys nobody mapped are dropped, and doubt means no.',
      {
        test: 'test/gateway/baggage.test.ts',
        guard: { file: 'src/gateway/baggage.ts', find: 'if (!allow.has(key)) continue;', replace: '' },
      },
    ),
    planned('R65', 'Trace context goes to external plugins over HTTP and stdio.'),
    proven(
      'R66',
      'When the caller’s own spans never arrive the trace is still shown whole, marked as one whose remote parent was not received.',
      {
        test: 'test/integration/propagation.test.ts',
        guard: {
          file: 'src/store/summary/trace-aggregate.ts',
          find: 'remoteParentMissing: root.rootRank === 1,',
          replace: 'remoteParentMissing: false,',
        },
      },
    ),
    proven('R67', 'Trace ids are exactly 32, span ids 16 lower-case hex digits and not zero.', {
      test: 'test/integration/span-tree.test.ts',
      guard: {
        file: 'src/telemetry/tracer.ts',
        find: 'sampler: new AlwaysOnSampler(),',
        replace:
          "sampler: new AlwaysOnSampler(),\n    idGenerator: { generateTraceId: () => 'A'.repeat(48), generateSpanId: () => 'A'.repeat(16) },",
      },
    }),
    proven(
      'R68',
      'Trace headers can be switched off for a server, which changes nothing about what is recorded here.',
      {
        test: 'test/integration/baggage.test.ts',
        guard: {
          file: 'src/gateway/upstream/upstream-session.ts',
          find: 'const traceContext = this.#sendsTraceContext ? notification.traceContext : null;',
          replace: 'const { traceContext } = notification;',
        },
      },
    ),
  ],
};
