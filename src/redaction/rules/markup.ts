import { addHit } from '../hits.ts';
import { isPlausibleSecret, isQuotedPlaceholder } from './plausible-value.ts';
import type { TextRule } from './rule.ts';

const LONGEST_NAME = 128;
const LESS = 60;
const GREATER = 62;
const SLASH = 47;

/** `<password>x</password>`: the text of an element whose name announces a secret. */
export const findElements: TextRule = (text, { gaps, names }, hits) => {
  for (const { from, to } of gaps) {
    let textStart = -1;
    for (let at = from; at < to; at += 1) {
      const code = text.charCodeAt(at);
      if (code === GREATER) textStart = at + 1;
      if (code !== LESS) continue;
      const start = textStart;
      textStart = -1;
      if (start === -1 || start === at || text.charCodeAt(at + 1) !== SLASH) continue;
      const name = /^[\w:.-]+(?=\s{0,8}>)/.exec(text.slice(at + 2, at + 2 + LONGEST_NAME))?.[0] ?? '';
      const announced = name === '' ? null : names.key(name.slice(name.indexOf(':') + 1));
      if (announced === null) continue;
      const value = text.slice(start, Math.min(at, start + 256));
      if (value.trim() === '' || isQuotedPlaceholder(value) || !isPlausibleSecret(name, value)) continue;
      addHit(hits, text, { start, end: at }, { rule: announced.rule ?? 'markup', kind: announced.kind });
    }
  }
};
