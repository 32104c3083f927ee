import type { CapturedSpans } from '../../src/shared/domain/settings.ts';

export type CaptureChoice = 'all' | 'none' | 'chosen';

export const CAPTURE_OPTIONS: readonly { readonly value: CaptureChoice; readonly label: string }[] = [
  { value: 'all', label: 'Of all spans' },
  { value: 'none', label: 'None' },
  { value: 'chosen', label: 'Of some spans…' },
];

/** Suggested where names of spans are asked for. */
export const EXAMPLE_NAMES = 'tool.invoke, resource.read';

export function captureChoice(captured: CapturedSpans): CaptureChoice {
  return captured === 'all' || captured === 'none' ? captured : 'chosen';
}

/** Names as they are typed: between commas or line ends, each once. */
export function readNames(text: string): readonly string[] {
  const names = text
    .split(/[,\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...new Set(names)];
}

export function namesText(captured: CapturedSpans): string {
  return captured === 'all' || captured === 'none' ? '' : captured.join(', ');
}

/** For example “of tool.invoke and resource.read”. */
export function capturedWords(captured: CapturedSpans): string {
  if (captured === 'all') return 'of all spans';
  if (captured === 'none' || captured.length === 0) return 'none';
  return `of ${captured.join(', ')}`;
}
