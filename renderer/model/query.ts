/** Adds `key:value` to a query, or takes it out when it is there: a click on a source is a switch. */
export function toggleTerm(query: string, key: string, value: string): string {
  const term = termOf(key, value);
  const terms = splitTerms(query);
  return (terms.includes(term) ? terms.filter((each) => each !== term) : [...terms, term]).join(' ');
}

export function hasTerm(query: string, key: string, value: string): boolean {
  return splitTerms(query).includes(termOf(key, value));
}

function termOf(key: string, value: string): string {
  return /^[\w.@/-]+$/.test(value) ? `${key}:${value}` : `${key}:"${value.replaceAll('"', '')}"`;
}

/** Terms are cut at spaces outside double quotes. */
export function splitTerms(query: string): readonly string[] {
  return query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}
