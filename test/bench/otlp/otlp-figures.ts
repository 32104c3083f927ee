import { decodeTraceRequest } from '../../../src/otlp/decode-traces.ts';
import { encodeTraces } from '../../../src/otlp/encode-traces.ts';
import type { OtlpFormat } from '../../../src/otlp/encode-traces.ts';
import { manyTraces } from '../../otlp/many-traces.ts';
import { decodeByOracle } from '../../otlp/oracle.ts';
import { spreadOf } from '../statistics.ts';
import type { Spread } from '../statistics.ts';

export interface OtlpFigure {
  readonly what: string;
  readonly bytes: number;
  /** Processor time of one span, in microseconds. */
  readonly micros: Spread;
}

export interface OtlpFigures {
  readonly spans: number;
  readonly figures: readonly OtlpFigure[];
}

export interface OtlpBenchOptions {
  readonly traces: number;
  readonly rounds: number;
  readonly report: (line: string) => void;
}

/**
 * What it costs to read OTLP, beside what the same bytes cost readers that only make objects of them: `JSON.parse`, and
 * the generated classes of otlp-transformer 0.216.0. All of them in each round, so that they see the same machine.
 */
export function measureOtlp({ traces, rounds, report }: OtlpBenchOptions): OtlpFigures {
  const { spans } = manyTraces(traces, 6);
  const encoded = (format: OtlpFormat) => encodeTraces(spans, [], { format, withPayloads: false });
  const json = encoded('otlp-json');
  const protobuf = encoded('otlp-proto');
  const ways = [
    { what: 'JSON, `JSON.parse` alone', bytes: json, run: () => void JSON.parse(Buffer.from(json).toString()) },
    { what: 'JSON, read into spans', bytes: json, run: () => void decodeTraceRequest(json, 'json') },
    { what: 'protobuf, generated classes alone', bytes: protobuf, run: () => void decodeByOracle(protobuf) },
    { what: 'protobuf, read into spans', bytes: protobuf, run: () => void decodeTraceRequest(protobuf, 'protobuf') },
  ];
  const times = ways.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    if (round >= 0) report(`otlp: round ${round + 1} of ${rounds}`);
    for (const [index, { run }] of ways.entries()) {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      // The first round is for the compiler.
      if (round >= 0) times[index]?.push((user + system) / spans.length);
    }
  }
  const figures = ways.map(({ what, bytes }, index) => ({
    what,
    bytes: bytes.length,
    micros: spreadOf(times[index] ?? []),
  }));
  return { spans: spans.length, figures };
}
