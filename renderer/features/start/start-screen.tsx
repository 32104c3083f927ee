import { Play, Plus } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Logo } from '../../ui/logo.tsx';

export interface StartScreenProps {
  readonly canManage: boolean;
  readonly demoStarting: boolean;
  readonly onDemo: () => void;
  readonly onAdd: () => void;
  readonly onOpenFiles: () => void;
}

/** What a newcomer sees: no servers, nothing recorded. */
export function StartScreen({ canManage, demoStarting, onDemo, onAdd, onOpenFiles }: StartScreenProps): ReactElement {
  return (
    <div className="flex h-full flex-col items-center justify-center overflow-auto px-6 py-10">
      <div className="w-full max-w-[620px]">
        <Logo size={30} />
        <h1 className="mt-4 text-xl font-semibold tracking-[-0.01em]">See every MCP call your agent really makes</h1>
        <p className="mt-1.5 max-w-[520px] text-base text-ink-2">
          Point your agent at Throughline and put your servers behind it. Each call appears here as it happens: who
          called, what was hidden, and who answered.
        </p>
        {canManage ? (
          <div className="mt-7 grid gap-3 sm:grid-cols-2">
            <Card
              icon={<Play size={15} aria-hidden />}
              title="Play the demo"
              line="A small server starts and five real calls go through the gateway: one fast, one slow, one that fails, one with a secret, one that never answers."
              action={demoStarting ? 'Starting…' : 'Play'}
              disabled={demoStarting}
              onClick={onDemo}
            />
            <Card
              icon={<Plus size={15} aria-hidden />}
              title="Add a server"
              line="Start an MCP server, or connect to one that runs. You see the exact command before anything starts."
              action="Add…"
              onClick={onAdd}
            />
          </div>
        ) : (
          <p className="mt-6 rounded-lg border border-line bg-chrome px-4 py-3 text-sm text-ink-2">
            No servers are configured, and this page may look but not change anything. Start with{' '}
            <code className="font-mono text-xs text-ink">npm start</code> or{' '}
            <code className="font-mono text-xs text-ink">throughline serve --manage</code>, or name your servers in a
            file: <code className="font-mono text-xs text-ink">throughline serve --config FILE</code>.
          </p>
        )}
        {canManage ? (
          <p className="mt-5 text-sm text-ink-2">
            Traces in a file already?{' '}
            <button type="button" className="font-medium text-accent hover:underline" onClick={onOpenFiles}>
              Open it
            </button>
            , or drop it on this window.
          </p>
        ) : null}
        <p className="mt-5 text-xs text-ink-3">
          Everything stays on this computer. Secrets are hidden before anything is recorded.
        </p>
      </div>
    </div>
  );
}

interface CardProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly line: string;
  readonly action: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Card({ icon, title, line, action, disabled = false, onClick }: CardProps): ReactElement {
  return (
    <button
      type="button"
      disabled={disabled}
      onClick={onClick}
      aria-label={title}
      className="group flex flex-col rounded-lg border border-line-strong bg-raised p-4 text-left hover:border-accent disabled:opacity-60"
    >
      <span className="flex size-7 items-center justify-center rounded-md bg-accent-soft text-accent">{icon}</span>
      <span className="mt-3 text-base font-semibold">{title}</span>
      <span className="mt-1 flex-1 text-sm text-ink-2">{line}</span>
      <span className="mt-3 text-sm font-medium text-accent group-hover:underline">{action}</span>
    </button>
  );
}
