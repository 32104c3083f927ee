import { Component } from 'react';
import type { ReactNode } from 'react';
import { messageOf } from '../../src/shared/kernel/user-error.ts';
import { Button } from '../ui/button.tsx';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly failure: string | null;
}

/** A fault of ours in one place must not leave an empty window. */
export class ErrorBoundary extends Component<Props, State> {
  override readonly state: State = { failure: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { failure: messageOf(thrown) };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return (
      <main role="alert" className="flex h-full items-center justify-center px-6">
        <div className="max-w-[460px]">
          <h1 className="text-lg font-semibold">This window stopped drawing</h1>
          <p className="mt-1.5 text-base text-ink-2">
            Recording goes on and nothing is lost. Load the window again to continue.
          </p>
          <pre className="mt-3 rounded-md border border-line bg-chrome px-3 py-2 font-mono text-xs whitespace-pre-wrap">
            {this.state.failure}
          </pre>
          <Button
            look="solid"
            className="mt-4"
            onClick={() => {
              window.location.reload();
            }}
          >
            Load again
          </Button>
        </div>
      </main>
    );
  }
}
