import type { ReactElement } from 'react';
import { Group, Panel } from 'react-resizable-panels';
import { useStore } from 'zustand';
import type { Api } from '../../bridge/bridge.ts';
import { collapsibleIds } from '../../model/rows.ts';
import { waitingSince } from '../../model/input-wait.ts';
import { GATEWAY_OWNER } from '../../model/owner.ts';
import { Notice } from '../../ui/notice.tsx';
import { SplitHandle } from '../../ui/split.tsx';
import { DetailPane } from './detail-pane.tsx';
import type { OpenLog } from './tab-log.tsx';
import type { OpenTraceStore } from './store.trace.ts';
import { TraceHeader } from './trace-header.tsx';
import { useTraceModel } from './use-trace-model.ts';
import { Waterfall } from './waterfall.tsx';

export interface TracePaneProps {
  readonly trace: OpenTraceStore;
  readonly api: Api;
  readonly frozenAt: number | null;
  readonly focused: boolean;
  readonly detailOpen: boolean;
  readonly detailBeside: boolean;
  readonly alone: boolean;
  readonly nameShare: number | null;
  readonly onNameShare: (share: number) => void;
  readonly onZone: (zone: 'trace' | 'detail') => void;
  readonly onClose: () => void;
  readonly onExport: () => void;
  readonly onToggleDetail: () => void;
  readonly onOpenLog: OpenLog;
}

export function TracePane(props: TracePaneProps): ReactElement {
  const { trace, frozenAt, detailOpen, detailBeside } = props;
  const model = useTraceModel(trace);
  const summary = useStore(trace.store, (state) => state.shown.summary);
  const loaded = useStore(trace.store, (state) => state.shown.loaded);
  const failure = useStore(trace.store, (state) => state.failure);
  if (failure !== null)
    return (
      <Message>
        <Notice kind="error">{failure}</Notice>
      </Message>
    );
  if (!loaded) return <Message>Fetching the trace…</Message>;
  if (summary === null) {
    return <Message>This trace is no longer kept: newer ones took its place, or it was cleared.</Message>;
  }
  return (
    <section aria-label="Trace" className="flex h-full min-h-0 flex-col">
      <TraceHeader
        summary={summary}
        owners={model.tree.owners.filter((owner) => owner !== GATEWAY_OWNER).slice(0, 8)}
        protocols={model.protocols}
        skewMs={model.skewMs}
        waitingSince={waitingSince(model.waits)}
        frozenAt={frozenAt}
        detailOpen={detailOpen}
        detailBeside={detailBeside}
        alone={props.alone}
        onClose={props.onClose}
        onExport={props.onExport}
        onToggleDetail={props.onToggleDetail}
        onExpandAll={() => {
          trace.setCollapsed(new Set());
        }}
        onCollapseAll={() => {
          trace.setCollapsed(collapsibleIds(model.tree));
        }}
      />
      <Group
        key={detailBeside ? 'row' : 'column'}
        orientation={detailBeside ? 'horizontal' : 'vertical'}
        className="min-h-0 flex-1"
      >
        <Panel id="waterfall" minSize="120px">
          <Waterfall
            trace={trace}
            model={model}
            focused={props.focused}
            frozenAt={frozenAt}
            nameShare={props.nameShare}
            onNameShare={props.onNameShare}
            onFocus={() => {
              props.onZone('trace');
            }}
          />
        </Panel>
        {detailOpen ? (
          <>
            <SplitHandle direction={detailBeside ? 'row' : 'column'} label="Size of the detail pane" />
            <Panel id="detail" defaultSize={detailBeside ? '410px' : '46%'} minSize={detailBeside ? '260px' : '120px'}>
              <DetailPane
                trace={trace}
                api={props.api}
                node={model.selected}
                attempt={model.selected === null ? undefined : model.attempts.get(model.selected.span.spanId)}
                frozenAt={frozenAt}
                onOpenLog={props.onOpenLog}
                onFocus={() => {
                  props.onZone('detail');
                }}
                onClose={props.onToggleDetail}
              />
            </Panel>
          </>
        ) : null}
      </Group>
    </section>
  );
}

function Message({ children }: { readonly children: React.ReactNode }): ReactElement {
  return <div className="flex h-full items-center justify-center px-6 text-center text-sm text-ink-3">{children}</div>;
}
