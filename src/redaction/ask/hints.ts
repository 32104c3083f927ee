import type { RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import type { Hint } from '../../shared/domain/redaction.ts';
import type { Attributes } from '../../shared/domain/span.ts';
import { childPath } from '../findings.ts';
import { MASK } from '../forms.ts';
import type { Hit } from '../hits.ts';
import { readJson } from '../json-tree.ts';
import type { TreeNode } from '../json-tree.ts';
import type { RuleBook } from '../policy/rule-book.ts';
import { SHAPES } from '../rules/shapes/all-shapes.ts';
import { createShapeFinder } from '../rules/shapes/find-shapes.ts';
import { randomRuns } from './random-text.ts';
import { suggestRule } from './suggestion.ts';

/** More would be read by nobody. */
const MOST_HINTS = 50;

/** What identifies things by its contents or by chance, and opens nothing. */
const HARMLESS_NAME =
  /(?:^|[^a-z])(?:sha\d*|md5|commit|etag|digest|checksum|hash|integrity|rev|revision|oid|sid|cid|uuid|guid|trace_?parent|trace_?state|(?:trace|span|request|correlation|message|event|run|call|file|image|node|object|item|cursor|blob|tree|parent|page|thread|conversation|response|tool_?call|tool_?use)[_.-]?ids?|next_?cursor|cursor|blob|ref|fingerprint|version|build|nonce|thumbprint)$/i;

/** Looks for what the rules have left and perhaps should not have. */
export interface HintFinder {
  ofSpan(span: RedactedSpan): readonly Hint[];
  ofPayload(payload: RedactedPayload): readonly Hint[];
}

export function createHintFinder({ views }: RuleBook): HintFinder {
  const isOff = new Set(views.filter((view) => !view.isOn).map(({ id }) => id));
  const titles = new Map(views.map(({ id, title }) => [id, title]));
  const shapesThatAreOff = SHAPES.filter(({ id, group }) => group === 'shapes' && isOff.has(id));
  const finder = createShapeFinder(shapesThatAreOff);

  function addHints(text: string, path: string, key: string, hints: Hint[]): void {
    if (text.length < 12 || hints.length >= MOST_HINTS) return;
    const shapes: Hit[] = [];
    if (shapesThatAreOff.length > 0) finder.find(text, scopeOf(text), shapes);
    for (const { start, end, rule, secret } of shapes) {
      const sentence = `The rule "${titles.get(rule) ?? rule}" would hide this, and is turned off.`;
      hints.push({ path, start, end, reason: 'shape', sentence, suggestion: suggestRule(key, secret) });
    }
    if (isHarmlessName(key)) return;
    for (const { start, end } of randomRuns(text)) {
      if (shapes.some((hit) => hit.start < end && hit.end > start) || isBesideMask(text, start)) continue;
      if (isNamedHarmless(text, start)) continue;
      const sentence = `These ${end - start} characters look random, as keys and tokens do.`;
      hints.push({
        path,
        start,
        end,
        reason: 'entropy',
        sentence,
        suggestion: suggestRule(key, text.slice(start, end)),
      });
    }
  }

  function ofTree(node: TreeNode, path: string, key: string, hints: Hint[]): void {
    if (node.type === 'object') {
      for (const [index, name] of node.keys.entries()) {
        const value = node.values[index];
        if (value !== undefined) ofTree(value, childPath(path, name.text), name.text, hints);
      }
    } else if (node.type === 'array') {
      for (const [index, item] of node.items.entries()) ofTree(item, childPath(path, index), key, hints);
    } else if (node.type === 'string') {
      addHints(node.text, path, key, hints);
    }
  }

  function ofAttributes(attributes: Attributes, path: string, hints: Hint[]): void {
    for (const [key, value] of Object.entries(attributes)) {
      if (OURS.test(key)) continue;
      const valuePath = childPath(path, key);
      if (typeof value === 'string') addHints(value, valuePath, key, hints);
      else if (Array.isArray(value))
        for (const [index, item] of value.entries()) {
          if (typeof item === 'string') addHints(item, childPath(valuePath, index), key, hints);
        }
    }
  }

  return {
    ofSpan(span) {
      const hints: Hint[] = [];
      addHints(span.name, '/name', '', hints);
      if (span.status.message !== null) addHints(span.status.message, '/status/message', '', hints);
      ofAttributes(span.attributes, '/attributes', hints);
      for (const [index, event] of span.events.entries()) {
        addHints(event.name, `/events/${index}/name`, '', hints);
        ofAttributes(event.attributes, `/events/${index}/attributes`, hints);
      }
      for (const [index, link] of span.links.entries())
        ofAttributes(link.attributes, `/links/${index}/attributes`, hints);
      ofAttributes(span.origin.resource, '/origin/resource', hints);
      return hints.slice(0, MOST_HINTS);
    },
    ofPayload({ mediaType, text }) {
      const hints: Hint[] = [];
      const { root, isComplete } = readJson(text, 0);
      if (mediaType !== 'text/plain' && root !== null && isComplete) ofTree(root, '', '', hints);
      else addHints(text, '', '', hints);
      return hints.slice(0, MOST_HINTS);
    },
  };
}

/** Ids that this program gives itself. */
const OURS = /^(?:mcp\.session\.id|jsonrpc\.request\.id|service\.instance\.id|throughline\..*|correlation_id)$/;

function isHarmlessName(name: string): boolean {
  return HARMLESS_NAME.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

/** `commit 2fd4e1c6...`, `"etag":"..."` and `sha256:...` in a text. */
function isNamedHarmless(text: string, start: number): boolean {
  const before = /([A-Za-z_][\w.-]{1,40})["'\\]{0,4}\s{0,2}[:=@#]?\s{0,2}["'\\]{0,4}$/.exec(
    text.slice(Math.max(0, start - 60), start),
  );
  return before?.[1] !== undefined && isHarmlessName(before[1]);
}

/** What a partial mask has left. */
function isBesideMask(text: string, start: number): boolean {
  return text.slice(Math.max(0, start - MASK.length - 1), start).includes('•');
}

function scopeOf(text: string): Parameters<ReturnType<typeof createShapeFinder>['find']>[1] {
  const nothing = (): null => null;
  return {
    gaps: [{ from: 0, to: text.length }],
    isQuery: false,
    jsonAt: () => undefined,
    isReadTwice: true,
    names: { key: nothing, parameter: nothing, header: nothing },
  };
}
