import fc from 'fast-check';

/**
 * JSON as text, not as values: what `JSON.parse` and `JSON.stringify` would lose or change on the way. Numbers larger
 * than a double, `1.0`, exponents, `-0`, odd and needless escapes, lone surrogates, repeated keys, `__proto__`, spaces
 * and line breaks between tokens.
 */
export function jsonText(): fc.Arbitrary<string> {
  const { value } = fc.letrec<{ value: string; container: string }>((tie) => ({
    value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('container')),
    container: fc.oneof(arrayOf(tie('value')), objectOf(tie('value'))),
  }));
  return value;
}

/** An object's text with these members and generated ones around them. */
export function objectWith(members: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.tuple(oddKey, jsonText()), { maxLength: 3 }), space, fc.nat(members.length))
    .map(([extra, gap, place]) => {
      const all: string[] = [...members];
      all.splice(place, 0, ...extra.map(([key, text]) => `${key}${gap}:${gap}${text}`));
      return `{${gap}${all.join(`${gap},${gap}`)}${gap}}`;
    });
}

const space = fc.constantFrom('', '', '', ' ', '  ', '\t', '\n', '\r\n', ' \n  ');

const number = fc.constantFrom(
  '0',
  '-0',
  '1.0',
  '1.10',
  '1e5',
  '1E+2',
  '0.1e-7',
  '9007199254740993',
  '123456789012345678901234567890',
  '-1.7976931348623159e+400',
);

const piece = fc.oneof(
  fc.constantFrom('\\u0041', '\\/', '\\ud83d\\ude00', '\\ud800', '\\u0000', '\\b\\f\\n\\r\\t', '\\"', '\\\\', '😀'),
  fc.constantFrom('\u2028', '\u007f', 'é', 'a b', '"id":1', 'data: x').map((text) => JSON.stringify(text).slice(1, -1)),
  fc.string({ maxLength: 6, unit: 'binary' }).map((text) => JSON.stringify(text.toWellFormed()).slice(1, -1)),
);

const string = fc.array(piece, { maxLength: 4 }).map((pieces) => `"${pieces.join('')}"`);

const scalar = fc.oneof(number, string, fc.constantFrom('true', 'false', 'null'));

/** Keys that are no member of a message's own, some of them dangerous to whoever builds objects from them. */
const oddKey = fc.constantFrom(
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '""',
  '"x.example/Ünï"',
  '"\\u0078"',
  '"twice"',
  '"twice"',
  '"password"',
);

function arrayOf(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(item, { maxLength: 4 }), space)
    .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`);
}

function objectOf(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.tuple(oddKey, item), { maxLength: 4 }), space)
    .map(([entries, gap]) => `{${gap}${entries.map(([key, text]) => `${key}${gap}:${text}`).join(`,${gap}`)}${gap}}`);
}
