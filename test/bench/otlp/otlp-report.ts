import { shown, table } from '../table.ts';
import type { OtlpFigures } from './otlp-figures.ts';

export function otlpReport({ spans, figures }: OtlpFigures): string[] {
  const rows = figures.map(({ what, bytes, micros }, index) => {
    // Each way of ours stands below the one it is compared with.
    const other = figures[index - 1];
    const ratio = index % 2 === 0 || other === undefined ? '' : `${(micros.median / other.micros.median).toFixed(2)} x`;
    return [what, (bytes / 1_024 / 1_024).toFixed(1), shown(micros, 1), (1e6 / micros.median).toFixed(0), ratio];
  });
  return [
    `${spans} spans of all kinds. Medians, lowest and highest in brackets.`,
    '',
    ...table(['what', 'MiB', 'processor time a span, us', 'spans/s', 'of the row above'], rows),
  ];
}
