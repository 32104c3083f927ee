import type { RedactionPolicy } from '../shared/domain/redaction.ts';
import { redactWithin } from './bounds.ts';
import { joinLines, neutralizeControls } from './controls.ts';
import { createEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { addTreeFindings, createFindingList } from './findings.ts';
import type { FindingList } from './findings.ts';
import { applyHits, mergeHits } from './hits.ts';
import type { Hit } from './hits.ts';
import { toJsonText } from './json-text.ts';
import { readJson } from './json-tree.ts';
import type { RedactionLimits } from './limits.ts';
import { mintRedactedText } from './mint.ts';
import { createPayloadRedactor } from './payload.ts';
import { createRuleBook } from './policy/rule-book.ts';
import type { RuleBook, RuleBookOptions } from './policy/rule-book.ts';
import type { Place, Redaction, Redactor } from './port.ts';
import { createScreen } from './screen/screen.ts';
import type { Screen } from './screen/screen.ts';
import { createSpanRedactor } from './span.ts';

export interface PipelineOptions extends RuleBookOptions {
  readonly limits: RedactionLimits;
  /** Sees everything that is hidden. Must not throw. */
  readonly witness: (hit: Hit) => void;
}

/** All that works by one policy: what it remembers of names belongs to that policy alone. */
export interface Pipeline extends Omit<Redactor, 'shortened'> {
  readonly book: RuleBook;
  readonly engine: Engine;
  readonly screen: Screen;
  readonly options: PipelineOptions;
  newFindings(): FindingList;
  /** Reads what has been redacted before. */
  rereader(): Engine;
}

/** Throws a UserError that names the rule that cannot be used. */
export function createPipeline(policy: RedactionPolicy, options: PipelineOptions): Pipeline {
  const { limits, hashOf, witness } = options;
  const book = createRuleBook(policy, options);
  const screen = createScreen(book.screening);
  const engine = createEngine(book, { isClear: screen.isClearText });
  const newFindings = (): FindingList => createFindingList(hashOf, witness);

  function redact(value: unknown, place: Place): Redaction<unknown> {
    const text = toJsonText(value);
    const { root } = readJson(text, 0);
    if (root === null) throw new Error('A value was not written as JSON.');
    const list = newFindings();
    const lastKey = place.path.slice(place.path.lastIndexOf('/') + 1);
    if (!engine.markTree(root, { announced: engine.names.header(lastKey), key: lastKey })) {
      return { value: JSON.parse(text), findings: [] };
    }
    addTreeFindings(root, place.path, list);
    const masked = applyHits(text, mergeHits(engine.hitsOfTree(text, root)));
    return { value: JSON.parse(masked.text), findings: list.findings };
  }

  let rereader: Engine | undefined;

  return {
    book,
    rereader: () => (rereader ??= createEngine(book, { readsTwice: true, isClear: screen.isClearText })),
    engine,
    screen,
    options,
    newFindings,
    redact,
    text(text) {
      if (text.length <= limits.textLength && !text.includes('\n') && screen.isClearText(text))
        return mintRedactedText(text);
      const plain = neutralizeControls(text);
      const masked = redactWithin(plain, limits.textLength, (part) => engine.findInText(part));
      for (const { hit } of masked.marks) witness(hit);
      return mintRedactedText(joinLines(masked.text));
    },
    span: createSpanRedactor({ engine, screen, limits, newFindings }),
    payload: createPayloadRedactor({ engine, screen, limits, newFindings }),
  };
}
