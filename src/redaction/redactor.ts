import { createSecretKey } from 'node:crypto';
import { neutralizeControls, joinLines } from './controls.ts';
import { redactWithin } from './bounds.ts';
import { createEngine } from './engine.ts';
import { addTreeFindings, createFindingList } from './findings.ts';
import { applyHits, mergeHits } from './hits.ts';
import { readJson } from './json-tree.ts';
import { toJsonText } from './json-text.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { RedactionLimits } from './limits.ts';
import { mintRedactedText } from './mint.ts';
import { createPayloadRedactor, shortenPayload } from './payload.ts';
import type { Place, Redaction, Redactor } from './port.ts';
import { createScreen } from './screen/screen.ts';
import { createSpanRedactor } from './span.ts';

export interface RedactorOptions {
  /** Key of the hashes in findings. Random, kept in memory only. */
  readonly hashKey: Uint8Array;
  readonly limits?: Partial<RedactionLimits>;
  /** Exact values to hide wherever they stand. Live: what is added later is hidden, too. At least 8 characters each. */
  readonly knownSecrets?: ReadonlySet<string>;
}

/** The one implementation of the port. Remembers nothing of what it reads but the kinds of key names. */
export function createRedactor(options: RedactorOptions): Redactor {
  const knownSecrets = options.knownSecrets ?? new Set();
  const engine = createEngine(knownSecrets);
  const screen = createScreen(knownSecrets);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const hashKey = createSecretKey(options.hashKey);
  const newFindings = () => createFindingList(hashKey);

  function redact(value: unknown, place: Place): Redaction<unknown> {
    const text = toJsonText(value);
    const { root } = readJson(text, 0);
    if (root === null) throw new Error('A value was not written as JSON.');
    const list = newFindings();
    const lastKey = place.path.slice(place.path.lastIndexOf('/') + 1);
    if (!engine.markTree(root, { kind: engine.kindOfKey(lastKey), key: lastKey })) {
      return { value: JSON.parse(text), findings: [] };
    }
    addTreeFindings(root, place.path, list);
    const masked = applyHits(text, mergeHits(engine.hitsOfTree(text, root)));
    return { value: JSON.parse(masked.text), findings: list.findings };
  }

  return {
    redact,
    text(text) {
      if (text.length <= limits.textLength && !text.includes('\n') && screen.isClearText(text))
        return mintRedactedText(text);
      const plain = neutralizeControls(text);
      return mintRedactedText(
        joinLines(redactWithin(plain, limits.textLength, (part) => engine.findInText(part)).text),
      );
    },
    span: createSpanRedactor({ engine, screen, limits, newFindings }),
    payload: createPayloadRedactor({ engine, screen, limits, newFindings }),
    shortened: (payload) => shortenPayload(payload, limits.payloadBytes),
  };
}
