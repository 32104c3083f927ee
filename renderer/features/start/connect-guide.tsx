import { useId, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import type { AppInfo } from '../../../src/shared/contract/messages.ts';
import { blankHint, clientSnippets } from '../../model/client-snippets.ts';
import type { ClientSnippet } from '../../model/client-snippets.ts';
import type { Endpoint } from '../../model/endpoints.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

export interface ConnectGuideProps {
  readonly app: AppInfo;
  /** The one for everything first. */
  readonly endpoints: readonly Endpoint[];
}

/** How to point each known client at the gateway. The token is never here: the reader knows where it is. */
export function ConnectGuide({ app, endpoints }: ConnectGuideProps): ReactElement {
  const [endpointKey, setEndpointKey] = useState('');
  const [client, setClient] = useState('');
  const panel = useId();
  const endpoint = endpoints.find((each) => each.mcpUrl === endpointKey) ?? endpoints[0];
  if (endpoint === undefined) return <></>;
  const snippets = clientSnippets(endpoint, app.origin);
  const snippet = snippets.find((each) => each.client === client) ?? snippets[0];
  if (snippet === undefined) return <></>;
  return (
    <div>
      {endpoints.length === 1 ? null : (
        <EndpointChoice endpoints={endpoints} chosen={endpoint} onChoose={setEndpointKey} />
      )}
      <ClientTabs snippets={snippets} chosen={snippet} panel={panel} onChoose={setClient} />
      <div
        id={panel}
        role="tabpanel"
        aria-label={snippet.client}
        className="mt-2 overflow-hidden rounded-md border border-line"
      >
        <div className="flex items-center justify-between gap-2 border-b border-line bg-chrome py-0.5 pr-1 pl-3 text-xs text-ink-2">
          <span className="min-w-0 truncate" title={snippet.place}>
            {snippet.place}
          </span>
          <CopyButton text={snippet.text} label={`Copy the snippet for ${snippet.client}`} wide />
        </div>
        <pre tabIndex={0} className="min-h-[136px] overflow-x-auto bg-sunken px-3 py-2.5 font-mono text-xs">
          {snippet.text}
        </pre>
      </div>
      <p className="mt-2 flex flex-wrap items-center gap-x-1 text-xs text-ink-2">
        {blankHint(snippet.blank, app.tokenFile)}
        {app.tokenFile === null || snippet.blank !== 'token' ? null : (
          <>
            <code className="font-mono text-ink [overflow-wrap:anywhere]">{app.tokenFile}</code>
            <CopyButton text={app.tokenFile} label="Copy the path of the token file" />
          </>
        )}
      </p>
    </div>
  );
}

const GROUPS = [
  ['virtual', 'Virtual servers'],
  ['server', 'One server'],
] as const;

interface EndpointChoiceProps {
  readonly endpoints: readonly Endpoint[];
  readonly chosen: Endpoint;
  readonly onChoose: (mcpUrl: string) => void;
}

function EndpointChoice({ endpoints, chosen, onChoose }: EndpointChoiceProps): ReactElement {
  const id = useId();
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-2.5 gap-y-1.5 text-xs">
      <label htmlFor={id} className="font-medium">
        What it sees
      </label>
      <select
        id={id}
        value={chosen.mcpUrl}
        onChange={(event) => {
          onChoose(event.target.value);
        }}
        className="field h-7 w-auto max-w-[240px] min-w-[150px] py-0 text-xs"
      >
        <option value={endpoints[0]?.mcpUrl}>All servers</option>
        {GROUPS.map(([kind, title]) => {
          const members = endpoints.filter((each) => each.kind === kind);
          return members.length === 0 ? null : (
            <optgroup key={kind} label={title}>
              {members.map((each) => (
                <option key={each.mcpUrl} value={each.mcpUrl}>
                  {each.label}
                </option>
              ))}
            </optgroup>
          );
        })}
      </select>
      <code className="min-w-0 font-mono text-2xs text-ink-2 [overflow-wrap:anywhere]">{chosen.mcpUrl}</code>
      <CopyButton text={chosen.mcpUrl} label="Copy this address" className="-ml-2" />
    </div>
  );
}

interface ClientTabsProps {
  readonly snippets: readonly ClientSnippet[];
  readonly chosen: ClientSnippet;
  readonly panel: string;
  readonly onChoose: (client: string) => void;
}

function ClientTabs({ snippets, chosen, panel, onChoose }: ClientTabsProps): ReactElement {
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = (snippets.indexOf(chosen) + step + snippets.length) % snippets.length;
    onChoose(snippets[next]?.client ?? '');
    event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div role="tablist" aria-label="Client" onKeyDown={onKey} className="flex flex-wrap gap-1">
      {snippets.map((each) => (
        <button
          key={each.client}
          type="button"
          role="tab"
          aria-selected={each === chosen}
          aria-controls={panel}
          tabIndex={each === chosen ? 0 : -1}
          onClick={() => {
            onChoose(each.client);
          }}
          className={`h-7 rounded px-2.5 text-xs font-medium ${each === chosen ? 'bg-selected text-ink' : 'text-ink-3 hover:bg-hover hover:text-ink'}`}
        >
          {each.client}
        </button>
      ))}
    </div>
  );
}
