import { UserError } from '../../shared/kernel/user-error.ts';

/** Where in the user's paths a place in a document is: positions in the list of all their steps. */
export type PathState = readonly number[];

/** All paths at once: one step per key or index, whatever their number. */
export interface Paths {
  readonly start: PathState;
  step(state: PathState, segment: string): PathState;
  /** The rule one of whose paths ends here. */
  ruleAt(state: PathState): string | null;
}

export interface PathRule {
  readonly rule: string;
  readonly path: string;
}

type Step = { readonly type: 'name'; readonly name: string } | { readonly type: 'one' } | { readonly type: 'any' };

/** `.name`, `["name"]`, `[0]`, `*`, `[*]`, `**`, and `..` as a short form of `.**.`. */
const SEGMENT = /\.\.|\.?(?:\[\s*(?:"([^"]*)"|'([^']*)'|(\d+|\*))\s*\]|(\*\*?|[^.[\]*\s"']+))/y;

/** Throws a UserError that says what is wrong with it. */
function stepsOf({ rule, path }: PathRule): readonly Step[] {
  const text = path.trim();
  const steps: Step[] = [];
  let at = text.startsWith('$') ? 1 : 0;
  while (at < text.length) {
    SEGMENT.lastIndex = at;
    const found = SEGMENT.exec(text);
    if (found === null || (at > 0 && /^[^.[]/.test(found[0]))) throw invalid(rule, path);
    const name = found[1] ?? found[2] ?? found[3] ?? found[4];
    if (name === undefined || name === '**') steps.push({ type: 'any' });
    else if (name === '*' && found[1] === undefined && found[2] === undefined) steps.push({ type: 'one' });
    else steps.push({ type: 'name', name: name.toLowerCase() });
    at = found[0] === '..' ? at + (text[at + 2] === '[' ? 2 : 1) : at + found[0].length;
  }
  if (steps.length === 0 || steps.at(-1)?.type === 'any') throw invalid(rule, path);
  return steps;
}

function invalid(rule: string, path: string): UserError {
  return new UserError(
    `The rule ${rule} has the path ${path}, which cannot be read; write names joined by dots, such as $.params.arguments.*.iban.`,
  );
}

/** The names in the path; one of them stands in every document in which it finds something, unless there is none. */
export function namesInPath(path: PathRule): readonly string[] {
  return stepsOf(path).flatMap((step) => (step.type === 'name' ? [step.name] : []));
}

export function createPaths(rules: readonly PathRule[]): Paths | null {
  if (rules.length === 0) return null;
  const steps: (Step | { readonly type: 'end'; readonly rule: string })[] = [];
  const beginnings: number[] = [];
  for (const rule of rules) {
    beginnings.push(steps.length);
    steps.push(...stepsOf(rule), { type: 'end', rule: rule.rule });
  }

  /** With what is reached without a step: `**` may stand for nothing. */
  function closed(positions: readonly number[]): PathState {
    const all = new Set<number>();
    for (let position of positions) {
      all.add(position);
      while (steps[position]?.type === 'any') all.add((position += 1));
    }
    return [...all];
  }

  const start = closed(beginnings);
  return {
    start,
    step(state, segment) {
      const name = segment.toLowerCase();
      const next: number[] = [];
      for (const position of state) {
        const step = steps[position];
        if (step?.type === 'any') next.push(position);
        else if (step?.type === 'one' || (step?.type === 'name' && step.name === name)) next.push(position + 1);
      }
      return next.length === 0 ? NOWHERE : closed(next);
    },
    ruleAt(state) {
      for (const position of state) {
        const step = steps[position];
        if (step?.type === 'end') return step.rule;
      }
      return null;
    },
  };
}

const NOWHERE: PathState = [];
