import type { SpanId } from '../../src/shared/domain/ids.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

/**
 * Which requests of a client go on with an operation that an earlier one began, and the how-manieth they are: a POST that
 * stands below an operation of the same tree, or is linked to it where its client named another place. From 2.
 */
export function attemptNumbers(tree: SpanTree): ReadonlyMap<SpanId, number> {
  const byOperation = new Map<SpanNode, SpanNode[]>();
  for (const node of tree.byId.values()) {
    const operation = isPost(node) ? continuedBy(node, tree) : undefined;
    if (operation === undefined) continue;
    const attempts = byOperation.get(operation);
    if (attempts === undefined) byOperation.set(operation, [node]);
    else attempts.push(node);
  }
  const numbers = new Map<SpanId, number>();
  for (const attempts of byOperation.values())
    for (const [index, { span }] of attempts.sort((a, b) => a.startMs - b.startMs).entries())
      numbers.set(span.spanId, index + 2);
  return numbers;
}

function continuedBy({ parent, span }: SpanNode, tree: SpanTree): SpanNode | undefined {
  if (parent !== null) return isOperation(parent) ? parent : undefined;
  const linked = span.links.map(({ traceId, spanId }) =>
    traceId === span.traceId ? tree.byId.get(spanId) : undefined,
  );
  return linked.find((node) => node !== undefined && isOperation(node));
}

function isPost({ span }: SpanNode): boolean {
  return span.kind === 'server' && span.attributes['http.request.method'] === 'POST';
}

/** What a client asked for: the span below a request that names a method. */
function isOperation({ span, parent }: SpanNode): boolean {
  return parent !== null && isPost(parent) && typeof span.attributes['mcp.method.name'] === 'string';
}
