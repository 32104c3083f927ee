import type { Finding, RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import { childPath, addTreeFindings } from '../findings.ts';
import { applyHits, joinHits, mergeHits } from '../hits.ts';
import { readWholeJson } from '../json-tree.ts';
import type { TreeNode } from '../json-tree.ts';
import { mintRedacted } from '../mint.ts';
import type { Pipeline } from '../pipeline.ts';
import { createSpanRedactor } from '../span.ts';
import { createStandingList } from '../standing.ts';
import type { StandingList } from '../standing.ts';

/** Redaction of what has been redacted before, under the rules as they are now. */
export interface Again {
  span(span: RedactedSpan): RedactedSpan;
  payload(payload: RedactedPayload): RedactedPayload;
}

export function createAgain({ book, rereader, screen, options }: Pipeline): Again {
  const engine = rereader();
  const listFor = (old: readonly Finding[]): StandingList => createStandingList(old, { book, ...options });
  let current = listFor([]);
  const redactSpan = createSpanRedactor({
    engine,
    // What has to become stricter stands in texts in which no rule finds anything any more.
    screen: { ...screen, isClearText: (text) => !text.includes('•') && screen.isClearText(text) },
    limits: options.limits,
    newFindings: () => current,
  });

  function textOf(payload: RedactedPayload, list: StandingList): string | null {
    const root = payload.mediaType === 'text/plain' ? null : readWholeJson(payload.text);
    if (root === null) {
      const masked = applyHits(payload.text, joinHits(engine.findInText(payload.text), list.standing('')));
      list.add('', masked.marks);
      return masked.text;
    }
    const isMarked = engine.markTree(root);
    if (!markStanding(root, '', list) && !isMarked) return null;
    addTreeFindings(root, '', list);
    return applyHits(payload.text, mergeHits(engine.hitsOfTree(payload.text, root))).text;
  }

  return {
    span(span) {
      current = listFor(span.findings);
      const again = redactSpan(span);
      return current.hasChanged ? again : span;
    },
    payload(payload) {
      const list = listFor(payload.findings);
      const text = textOf(payload, list);
      if (text === null || !list.hasChanged) return payload;
      const { traceId, spanId, direction, mediaType, originalBytes, truncated } = payload;
      const fields = { traceId, spanId, direction, mediaType, text, originalBytes, truncated };
      return mintRedacted({ ...fields, findings: list.findings });
    },
  };
}

/** Adds what must become stricter to the marks of a tree. Answers whether there is any. */
function markStanding(node: TreeNode, path: string, list: StandingList): boolean {
  if (node.type === 'object') {
    let isMarked = false;
    for (const [index, key] of node.keys.entries()) {
      const memberPath = childPath(path, key.text);
      if (markStandingIn(key, `${memberPath}#`, list)) isMarked = true;
      const value = node.values[index];
      if (value !== undefined && markStanding(value, memberPath, list)) isMarked = true;
    }
    return isMarked;
  }
  if (node.type === 'array')
    return node.items.map((item, index) => markStanding(item, childPath(path, index), list)).includes(true);
  return node.type === 'string' && markStandingIn(node, path, list);
}

function markStandingIn(node: TreeNode & { type: 'string' }, path: string, list: StandingList): boolean {
  const standing = list.standing(path);
  node.hits = joinHits(node.hits, standing);
  return standing.length > 0;
}
