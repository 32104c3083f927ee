/** A span of `GET /api/traces/{id}/tree`; more fields may be there. */
export interface TreeSpan {
  readonly name: string;
  readonly open: boolean;
  readonly status: { readonly code: string; readonly message: string | null };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly payloads: readonly {
    readonly direction: string;
    readonly text: string;
    readonly originalBytes: number;
    readonly truncated: boolean;
  }[];
  readonly findings: readonly { readonly rule: string; readonly path: string }[];
  readonly children: readonly TreeSpan[];
}

/** All spans of a tree, parents before their children. */
export function treeSpans(tree: unknown): readonly TreeSpan[] {
  const below = (span: TreeSpan): readonly TreeSpan[] => [span, ...span.children.flatMap(below)];
  return (tree as { readonly spans: readonly TreeSpan[] }).spans.flatMap(below);
}

export function openSpanNames(tree: unknown): readonly string[] {
  return treeSpans(tree)
    .filter(({ open }) => open)
    .map(({ name }) => name);
}
