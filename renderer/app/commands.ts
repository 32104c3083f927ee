import { LIST_ELEMENT_ID } from '../features/traces/trace-list.tsx';
import { FILTER_ELEMENT_ID } from '../features/traces/filter-box.tsx';
import type { OpenTraceStore } from '../features/traces/store.trace.ts';
import { TREE_ELEMENT_ID } from '../features/traces/waterfall.tsx';
import type { SpanId } from '../../src/shared/domain/ids.ts';
import { ancestorsOf, collapsibleIds, nextFailed, visibleRows } from '../model/rows.ts';
import type { SpanRow } from '../model/rows.ts';
import { buildSpanTree, firstChoice } from '../model/span-tree.ts';
import type { SpanTree } from '../model/span-tree.ts';
import type { CommandId } from './keymap.ts';
import type { Session } from './session.ts';
import type { PrefsStore } from './store.prefs.ts';
import type { Zone } from './store.layout.ts';

/** Tree and rows of the open trace, built anew only when its spans or its folding changed: a held key asks often. */
interface TreeReader {
  tree(): SpanTree;
  rows(): readonly SpanRow[];
}

function createTreeReader(trace: OpenTraceStore): TreeReader {
  let tree = { of: trace.store.getState().shown.spans, built: buildSpanTree(trace.store.getState().shown.spans) };
  let rows: { of: SpanTree; collapsed: ReadonlySet<SpanId>; built: readonly SpanRow[] } | null = null;
  const readTree = (): SpanTree => {
    const { spans } = trace.store.getState().shown;
    if (tree.of !== spans) tree = { of: spans, built: buildSpanTree(spans) };
    return tree.built;
  };
  return {
    tree: readTree,
    rows() {
      const of = readTree();
      const { collapsed } = trace.store.getState();
      if (rows?.of !== of || rows.collapsed !== collapsed) rows = { of, collapsed, built: visibleRows(of, collapsed) };
      return rows.built;
    },
  };
}

export type Commands = Readonly<Record<CommandId, () => void>>;

/** What each key does, by the pane the keys act on. */
export function createCommands(session: Session, prefs: PrefsStore): Commands {
  const reader = createTreeReader(session.trace);
  return {
    ...whileLive(session, {
      ...moveCommands(session, prefs, reader),
      ...treeCommands(session, reader),
      ...callCommands(session, prefs),
    }),
    ...windowCommands(session),
  };
}

/** Keys about calls do nothing where no calls are to be seen; Escape leads back to where they are. */
function whileLive<Some extends { readonly climb: () => void }>({ layout }: Session, commands: Some): Some {
  const guarded = Object.entries<() => void>(commands).map(([id, act]) => [
    id,
    () => {
      if (layout.getState().room === 'live') act();
      else if (id === 'climb') layout.setState({ room: 'live' });
    },
  ]);
  return Object.fromEntries(guarded) as Some;
}

type MoveCommand = 'next-row' | 'previous-row' | 'first-row' | 'last-row' | 'enter' | 'climb';

function moveCommands(session: Session, prefs: PrefsStore, reader: TreeReader): Pick<Commands, MoveCommand> {
  const { list, trace, layout } = session;
  const enterZone = (next: Zone): void => {
    layout.setState({ zone: next });
    focusElement(next === 'list' ? LIST_ELEMENT_ID : TREE_ELEMENT_ID);
  };
  const move = (target: Target): void => {
    if (layout.getState().zone === 'list') moveInList(session, target);
    else moveInTree(session, reader, target);
  };
  return {
    'next-row': () => {
      move((index, last) => Math.min(last, index + 1));
    },
    'previous-row': () => {
      move((index) => Math.max(0, index - 1));
    },
    'first-row': () => {
      move(() => 0);
    },
    'last-row': () => {
      move((_, last) => last);
    },
    enter: () => {
      if (layout.getState().zone !== 'list') {
        prefs.setState({ detailOpen: true });
        return;
      }
      const { selected } = list.store.getState();
      if (selected === null) return;
      session.openTrace(selected);
      // The pane is drawn first, then it can be given the focus.
      requestAnimationFrame(() => {
        enterZone('trace');
      });
    },
    climb: () => {
      if (layout.getState().zone === 'detail') enterZone('trace');
      else if (trace.store.getState().traceId !== null) {
        session.closeTrace();
        enterZone('list');
      } else if (list.store.getState().query !== '') list.setQuery('');
    },
  };
}

type TreeCommand = 'expand' | 'collapse' | 'expand-all' | 'collapse-all' | 'next-error' | 'previous-error';

function treeCommands(session: Session, reader: TreeReader): Pick<Commands, TreeCommand> {
  const { trace, layout } = session;
  const inList = (): boolean => layout.getState().zone === 'list';
  const withTree = (act: (tree: SpanTree, selected: SpanId | null) => void): void => {
    const { selectedSpan, traceId } = trace.store.getState();
    if (traceId === null) return;
    const tree = reader.tree();
    act(tree, selectedSpan ?? firstChoice(tree)?.span.spanId ?? null);
  };
  const jumpToError = (direction: 1 | -1): void => {
    if (inList()) {
      moveToFailedTrace(session, direction);
      return;
    }
    withTree((tree, selected) => {
      const failed = nextFailed(tree, selected, direction);
      if (failed !== null) reveal(session, tree, failed);
    });
  };
  return {
    expand: () => {
      if (inList()) return;
      withTree((tree, selected) => {
        expandOrEnter(session, tree, selected);
      });
    },
    collapse: () => {
      if (inList()) return;
      withTree((tree, selected) => {
        collapseOrLeave(session, tree, selected);
      });
    },
    'expand-all': () => {
      trace.setCollapsed(new Set());
    },
    'collapse-all': () => {
      withTree((tree) => {
        trace.setCollapsed(collapsibleIds(tree));
      });
    },
    'next-error': () => {
      jumpToError(1);
    },
    'previous-error': () => {
      jumpToError(-1);
    },
  };
}

type CallCommand = 'pause' | 'follow' | 'noise' | 'export' | 'toggle-detail' | 'span-redaction';

function callCommands(session: Session, prefs: PrefsStore): Pick<Commands, CallCommand> {
  const { list, trace } = session;
  return {
    pause: () => {
      session.setPaused(list.store.getState().pausedAt === null);
    },
    follow: () => {
      list.setFollow(!list.store.getState().follow);
    },
    noise: () => {
      session.setShowNoise(!list.store.getState().showNoise);
    },
    export: () => {
      session.layout.setState({ dialog: 'export' });
    },
    'toggle-detail': () => {
      prefs.setState((state) => ({ detailOpen: !state.detailOpen }));
    },
    'span-redaction': () => {
      if (trace.store.getState().traceId === null) return;
      prefs.setState({ detailOpen: true });
      trace.setTab('redaction');
    },
  };
}

type WindowCommand =
  'focus-filter' | 'server-log' | 'open-file' | 'go-live' | 'go-redaction' | 'go-export' | 'go-settings' | 'help';

function windowCommands(session: Session): Pick<Commands, WindowCommand> {
  const { layout, redaction } = session;
  return {
    'focus-filter': () => {
      layout.setState({ room: 'live' });
      focusElement(FILTER_ELEMENT_ID);
    },
    'server-log': () => {
      if (session.log.store.getState().serverId !== null) closeLog(session);
      else openSomeLog(session);
    },
    'go-live': () => {
      layout.setState({ room: 'live' });
    },
    'go-redaction': () => {
      session.openRedaction(redaction.store.getState().section);
    },
    'go-export': () => {
      layout.setState({ room: 'export', sourcesOpen: false });
    },
    'go-settings': () => {
      layout.setState({ room: 'settings', sourcesOpen: false });
    },
    'open-file': session.imports.open,
    help: () => {
      layout.setState({ dialog: 'help' });
    },
  };
}

export function closeLog({ log, layout }: Session): void {
  log.close();
  focusElement(layout.getState().zone === 'list' ? LIST_ELEMENT_ID : TREE_ELEMENT_ID);
}

/** The log of the chosen trace's server, else of the first that prints where it can be read. */
function openSomeLog({ log, list, servers }: Session): void {
  const { shown, selected } = list.store.getState();
  const chosen = shown.traces.find((each) => each.traceId === selected)?.serverIds ?? [];
  const printing = servers.store.getState().servers.filter((each) => each.transport === 'stdio');
  const server = printing.find((each) => chosen.includes(each.id)) ?? printing[0];
  if (server !== undefined) log.open(server.id);
}

export function focusElement(id: string): void {
  document.getElementById(id)?.focus({ preventScroll: true });
}

type Target = (index: number, last: number) => number;

function moveInList({ list, trace }: Session, target: Target): void {
  const { shown, selected } = list.store.getState();
  const index = shown.traces.findIndex((each) => each.traceId === selected);
  const next = shown.traces[target(index, shown.traces.length - 1)];
  if (next === undefined) return;
  list.select(next.traceId);
  // Once a trace is open, the pane shows whichever row is chosen.
  if (trace.store.getState().traceId !== null) trace.open(next.traceId);
}

function moveToFailedTrace({ list, trace }: Session, direction: 1 | -1): void {
  const { shown, selected } = list.store.getState();
  const count = shown.traces.length;
  const start = shown.traces.findIndex((each) => each.traceId === selected);
  for (let step = 1; step <= count; step += 1) {
    const origin = start === -1 && direction === -1 ? count : start;
    const each = shown.traces[(((origin + step * direction) % count) + count) % count];
    if (each === undefined || (each.status !== 'error' && each.status !== 'blocked')) continue;
    list.select(each.traceId);
    if (trace.store.getState().traceId !== null) trace.open(each.traceId);
    return;
  }
}

function moveInTree(session: Session, reader: TreeReader, target: Target): void {
  const selected = session.trace.store.getState().selectedSpan ?? firstChoice(reader.tree())?.span.spanId;
  const rows = reader.rows();
  const found = rows.findIndex((row) => row.node.span.spanId === selected);
  const next = rows[target(found, rows.length - 1)];
  if (next !== undefined) session.trace.selectSpan(next.node.span.spanId);
}

function reveal({ trace }: Session, tree: SpanTree, spanId: SpanId): void {
  const collapsed = new Set(trace.store.getState().collapsed);
  for (const ancestor of ancestorsOf(tree, spanId)) collapsed.delete(ancestor.span.spanId);
  trace.setCollapsed(collapsed);
  trace.selectSpan(spanId);
}

function expandOrEnter({ trace }: Session, tree: SpanTree, selected: SpanId | null): void {
  const node = selected === null ? undefined : tree.byId.get(selected);
  const child = node?.children[0];
  if (node === undefined || child === undefined) return;
  const collapsed = new Set(trace.store.getState().collapsed);
  if (collapsed.delete(node.span.spanId)) trace.setCollapsed(collapsed);
  else trace.selectSpan(child.span.spanId);
}

function collapseOrLeave({ trace }: Session, tree: SpanTree, selected: SpanId | null): void {
  const node = selected === null ? undefined : tree.byId.get(selected);
  if (node === undefined) return;
  const { collapsed } = trace.store.getState();
  if (node.children.length > 0 && !collapsed.has(node.span.spanId)) {
    trace.setCollapsed(new Set([...collapsed, node.span.spanId]));
  } else if (node.parent !== null) trace.selectSpan(node.parent.span.spanId);
}
