/**
 * A word to look for, in lower case, and the flags that it raises. ASCII only; `\x01` stands for every control character
 * but tab and line feed.
 */
export interface Pattern {
  readonly word: string;
  readonly flags: number;
}

const TAB = 9;
const LINE_FEED = 10;

/** Room per state while the tree grows: a column for each ASCII character. */
const COLUMNS = 128;

/**
 * All patterns at once, in one pass over a text (Aho and Corasick, 1975): the step from one character to the next is one
 * look-up, whatever the number of patterns.
 */
export interface Automaton {
  /** For each ASCII code, its column; what is one to the patterns shares one, and what they do not hold is column 0. */
  readonly columns: Uint8Array;
  /** `next[state + column]` is the next state; states are offsets into this array and begin at 0. */
  readonly next: Int32Array;
  /** As few columns as the patterns need: small tables stay in the processor's cache. */
  readonly bits: number;
  /** `flags[state >> bits]`: what has been found when this state is reached. */
  readonly flags: Int32Array;
  /** States from here on have flags. */
  readonly firstFlagged: number;
}

export function createAutomaton(patterns: readonly Pattern[]): Automaton {
  const columns = columnsOf(patterns);
  const tree = treeOf(patterns, columns);
  return renumbered(complete(tree), columns);
}

function columnsOf(patterns: readonly Pattern[]): Uint8Array {
  const columns = new Uint8Array(128);
  let used = 0;
  for (const { word } of patterns) {
    for (let at = 0; at < word.length; at += 1) {
      const code = word.charCodeAt(at);
      if (columns[code] === 0) columns[code] = used += 1;
    }
  }
  for (let code = 65; code <= 90; code += 1) columns[code] = columns[code + 32] ?? 0;
  for (let code = 0; code < 32; code += 1) if (code !== TAB && code !== LINE_FEED) columns[code] = columns[1] ?? 0;
  columns[127] = columns[1] ?? 0;
  return columns;
}

interface Tree {
  /** Children of each node by column. */
  readonly children: Int32Array[];
  readonly flags: number[];
}

function treeOf(patterns: readonly Pattern[], columns: Uint8Array): Tree {
  const tree: Tree = { children: [new Int32Array(COLUMNS)], flags: [0] };
  for (const { word, flags } of patterns) {
    let node = 0;
    for (let at = 0; at < word.length; at += 1) node = childOf(tree, node, columns[word.charCodeAt(at)] ?? 0);
    tree.flags[node] = (tree.flags[node] ?? 0) | flags;
  }
  return tree;
}

function childOf({ children, flags }: Tree, node: number, column: number): number {
  const known = children[node]?.[column] ?? 0;
  if (known !== 0) return known;
  const child = children.push(new Int32Array(COLUMNS)) - 1;
  flags.push(0);
  children[node]?.fill(child, column, column + 1);
  return child;
}

/** Fills in where to go on where a word breaks off: breadth first, so that the shorter suffix is complete already. */
function complete({ children, flags }: Tree): Tree {
  const fallbacks = new Int32Array(children.length);
  const queue = [0];
  for (const node of queue) {
    const steps = children[node] ?? new Int32Array(COLUMNS);
    const fallback = fallbacks[node] ?? 0;
    flags[node] = (flags[node] ?? 0) | (flags[fallback] ?? 0);
    for (let column = 1; column < COLUMNS; column += 1) {
      const child = steps[column] ?? 0;
      const other = node === 0 ? 0 : (children[fallback]?.[column] ?? 0);
      if (child === 0) steps[column] = other;
      else {
        fallbacks[child] = other;
        queue.push(child);
      }
    }
  }
  return { children, flags };
}

/** Flagged states last, so that one comparison tells whether a step found something. */
function renumbered({ children, flags }: Tree, columns: Uint8Array): Automaton {
  const order = [...flags.keys()].sort((a, b) => Number(flags[a] !== 0) - Number(flags[b] !== 0) || a - b);
  const bits = Math.ceil(Math.log2(Math.max(...columns) + 1));
  const stateOf = new Int32Array(order.length);
  for (const [position, node] of order.entries()) stateOf[node] = position << bits;
  const next = new Int32Array(order.length << bits);
  for (const node of order) {
    const state = stateOf[node] ?? 0;
    for (let column = 0; column < 1 << bits; column += 1) {
      next[state + column] = stateOf[children[node]?.[column] ?? 0] ?? 0;
    }
  }
  return {
    columns,
    next,
    bits,
    flags: Int32Array.from(order, (node) => flags[node] ?? 0),
    firstFlagged: flags.filter((found) => found === 0).length << bits,
  };
}
