import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { Button } from '../../ui/button.tsx';
import { Visible } from '../../ui/visible.tsx';

export interface ShowSecretProps {
  readonly api: Api;
  readonly hash: string;
  /** Of the button. */
  readonly className?: string;
}

type Answer = { readonly kind: 'secret'; readonly text: string } | { readonly kind: 'note'; readonly text: string };

const NOT_KEPT = 'It is not kept: it was hidden before secrets were kept, or by another gateway.';

/**
 * Shows a kept secret while its button has the focus and the window is looked at. It is fetched each time and let go of
 * at once, so that it is on the page only while somebody reads it.
 */
export function ShowSecret({ api, hash, className = '' }: ShowSecretProps): ReactElement {
  const [isWanted, setWanted] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (!isWanted) return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    const hide = (): void => {
      setWanted(false);
    };
    window.addEventListener('blur', hide, { signal });
    window.addEventListener('pagehide', hide, { signal });
    window.addEventListener('beforeprint', hide, { signal });
    document.addEventListener('visibilitychange', hide, { signal });
    api.redaction.revealed({ hash }, { signal }).then(
      (text) => {
        if (signal.aborted) return;
        setAnswer(text === null ? { kind: 'note', text: NOT_KEPT } : { kind: 'secret', text });
      },
      (thrown: unknown) => {
        if (!signal.aborted) setAnswer({ kind: 'note', text: describeFailure(thrown).message });
      },
    );
    return () => {
      leaving.abort();
      setAnswer(null);
    };
  }, [api, hash, isWanted]);
  return (
    <>
      <Button
        size="small"
        className={className}
        aria-pressed={isWanted}
        onClick={() => {
          setWanted(!isWanted);
        }}
        onBlur={() => {
          setWanted(false);
        }}
      >
        {isWanted ? <EyeOff size={12} aria-hidden /> : <Eye size={12} aria-hidden />}
        {isWanted ? 'Hide' : 'Show'}
      </Button>
      {answer === null ? null : <Shown answer={answer} />}
    </>
  );
}

function Shown({ answer }: { readonly answer: Answer }): ReactElement {
  if (answer.kind === 'note') return <p className="order-last basis-full text-ink-3">{answer.text}</p>;
  return (
    <output className="shown-secret order-last mr-1.5 basis-full rounded border border-warn/40 bg-warn-soft px-1.5 py-1 font-mono text-xs whitespace-pre-wrap text-ink [overflow-wrap:anywhere]">
      <Visible text={answer.text} />
    </output>
  );
}
