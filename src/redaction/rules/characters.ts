/** Character classes of the hand-written scanners, by UTF-16 code unit. */

export function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

export function isSpaceOrTab(code: number): boolean {
  return code === 32 || code === 9;
}

export function isSpace(code: number): boolean {
  return isSpaceOrTab(code) || isLineEnd(code) || code === 11 || code === 12 || code === 0xa0;
}

export function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** Letters, digits, `_`, `-`, `.`, `$`, `%` and what is not ASCII: what a label or a parameter's name is made of. */
export function isNameCode(code: number): boolean {
  return (
    isAlphanumeric(code) ||
    code === 95 ||
    code === 45 ||
    code === 46 ||
    code === 36 ||
    code === 37 ||
    (code > 0xa0 && code !== 0x2028 && code !== 0x2029)
  );
}

/** `"`, `'` and the backtick. */
export function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96;
}

/** Decodes `%XX` and `+` once; what is not valid stays as it is. */
export function percentDecode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Not UTF-8 or a lone `%`: decode the ASCII that there is, which is all that a name needs.
    return spaced.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}
