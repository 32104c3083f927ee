import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { ConsentRequest, SecretStorage } from '../../../src/shared/contract/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Visible } from '../../ui/visible.tsx';
import { SecretNote } from './secret-note.tsx';

export interface ConsentStepProps {
  readonly request: ConsentRequest;
  readonly storage: SecretStorage;
  /** What of it is not as the gateway does it by itself, in sentences. */
  readonly traits: readonly string[];
  readonly busy: boolean;
  readonly complaint: string | null;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** Exactly what would be started, nothing cut; the way out is what Enter presses (S14). */
export function ConsentStep(props: ConsentStepProps): ReactElement {
  const { request, storage, traits, busy, complaint, onCancel, onConfirm } = props;
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    cancel.current?.focus();
  }, []);
  const { target } = request;
  return (
    <div className="space-y-3.5">
      {complaint === null ? null : <Notice kind="error">{complaint}</Notice>}
      {target.type === 'stdio' ? (
        <Notice kind="warn">
          This program will run on your computer <strong>with all your rights</strong>: it can read your files and use
          your network. Start it only if you know where it comes from.
        </Notice>
      ) : (
        <Notice kind="warn">
          Everything clients send to this server, and the headers below, will go to this address.
        </Notice>
      )}
      {request.replaces ? (
        <Notice kind="warn">
          A server named <strong>{request.id}</strong> exists. It will be stopped and replaced.
        </Notice>
      ) : null}
      <dl className="space-y-3">
        {target.type === 'stdio' ? <StdioTarget target={target} /> : <HttpTarget target={target} />}
        {traits.length === 0 ? null : (
          <Fact name="Options">
            <ul className="space-y-0.5 text-sm text-ink-2">
              {traits.map((sentence) => (
                <li key={sentence}>
                  <Visible text={sentence} />
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
      {namesOf(target).length === 0 ? null : <SecretNote storage={storage} />}
      <div className="flex flex-wrap justify-end gap-2 border-t border-line pt-3.5">
        <Button ref={cancel} onClick={onCancel} className="focus:outline-2 focus:outline-offset-1 focus:outline-accent">
          Cancel
        </Button>
        <Button look="solid" onClick={onConfirm} disabled={busy}>
          {target.type === 'stdio' ? 'Start this server' : 'Connect this server'}
        </Button>
      </div>
    </div>
  );
}

type Target = ConsentRequest['target'];

function namesOf(target: Target): readonly string[] {
  return target.type === 'stdio' ? target.envNames : target.headerNames;
}

const HTTP_KINDS = { http: 'Streamable HTTP', sse: 'HTTP+SSE, the older way (2024-11-05)' } as const;

function StdioTarget({ target }: { readonly target: Extract<Target, { type: 'stdio' }> }): ReactElement {
  return (
    <>
      <Fact name="Program">
        <Exact text={target.command} />
      </Fact>
      <Fact name={`Arguments (${String(target.args.length)})`}>
        {target.args.length === 0 ? (
          <None />
        ) : (
          <ol className="space-y-1">
            {target.args.map((arg, index) => (
              <li key={index} className="flex gap-2">
                <span className="w-5 shrink-0 pt-[3px] text-right text-2xs text-ink-3">{index + 1}</span>
                <Exact text={arg} />
              </li>
            ))}
          </ol>
        )}
      </Fact>
      <Fact name="Environment variables it is given">
        {target.envNames.length === 0 ? <None /> : <Exact text={target.envNames.join('  ')} />}
      </Fact>
      <Fact name="Working directory">
        {target.cwd === null ? (
          <span className="text-sm text-ink-2">The gateway’s own</span>
        ) : (
          <Exact text={target.cwd} />
        )}
      </Fact>
    </>
  );
}

function HttpTarget({ target }: { readonly target: Extract<Target, { url: string }> }): ReactElement {
  return (
    <>
      <Fact name="Address">
        <Exact text={target.url} />
      </Fact>
      <Fact name="Spoken there">
        <span className="text-sm text-ink-2">{HTTP_KINDS[target.type]}</span>
      </Fact>
      <Fact name="Headers sent">
        {target.headerNames.length === 0 ? <None /> : <Exact text={target.headerNames.join('  ')} />}
      </Fact>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }): ReactElement {
  return (
    <div>
      <dt className="mb-1 text-xs font-medium text-ink-2">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Exact({ text }: { readonly text: string }): ReactElement {
  return (
    <code className="block min-w-0 flex-1 rounded border border-line bg-sunken px-2 py-[3px] font-mono text-xs break-all whitespace-pre-wrap">
      {text === '' ? <span className="text-ink-3">(empty)</span> : <Visible text={text} />}
    </code>
  );
}

function None(): ReactElement {
  return <span className="text-sm text-ink-3">None</span>;
}
