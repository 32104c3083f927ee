/** C0 but tab and line feed, DEL, C1, and the marks that turn the direction of text. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const CONTROLS = new RegExp(CONTROL, 'g');

/** Terminal sequences (ECMA-48): CSI, OSC, and the short ones. One that does not end takes no text with it. */
const TERMINAL =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g;

const LINE_ENDS = /\r\n?|[\u2028\u2029]/g;

/**
 * Takes terminal sequences out and makes other control characters visible (R27), before rules read the text: a colour
 * code between a label and its value would hide the value from them. Line ends become `\n`.
 */
export function neutralizeControls(text: string): string {
  if (!CONTROL.test(text)) return text;
  return text.replace(TERMINAL, '').replace(LINE_ENDS, '\n').replace(CONTROLS, '\u{fffd}');
}

/** One log line stays one line. */
export function joinLines(text: string): string {
  return text.includes('\n') ? text.replace(/\n+(?=[^])/g, ' ⏎ ').replaceAll('\n', '') : text;
}
