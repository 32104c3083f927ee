import { useState } from 'react';
import type { ReactElement } from 'react';
import type { AppInfo } from '../../../src/shared/contract/messages.ts';
import { clientSnippets, tokenHint } from '../../model/client-snippets.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

/** How to point each known client at the gateway. The token is never here: the reader knows where it is. */
export function ConnectGuide({ app }: { readonly app: AppInfo }): ReactElement {
  const snippets = clientSnippets(app.mcpUrl);
  const [chosen, setChosen] = useState(0);
  const snippet = snippets[chosen] ?? snippets[0];
  if (snippet === undefined) return <></>;
  return (
    <div>
      <div role="tablist" aria-label="Client" className="flex flex-wrap gap-1">
        {snippets.map(({ client }, index) => (
          <button
            key={client}
            type="button"
            role="tab"
            aria-selected={index === chosen}
            onClick={() => {
              setChosen(index);
            }}
            className={`h-7 rounded px-2.5 text-xs font-medium ${index === chosen ? 'bg-selected text-ink' : 'text-ink-3 hover:bg-hover hover:text-ink'}`}
          >
            {client}
          </button>
        ))}
      </div>
      <div className="mt-2 overflow-hidden rounded-md border border-line">
        <div className="flex items-center justify-between gap-2 border-b border-line bg-chrome py-0.5 pr-1 pl-3 text-xs text-ink-2">
          <span className="min-w-0 truncate">{snippet.place}</span>
          <CopyButton text={snippet.text} label={`Copy the snippet for ${snippet.client}`} wide />
        </div>
        <pre tabIndex={0} className="overflow-x-auto bg-sunken px-3 py-2.5 font-mono text-xs">
          {snippet.text}
        </pre>
      </div>
      <p className="mt-2 flex flex-wrap items-center gap-x-1 text-xs text-ink-2">
        {tokenHint(app.tokenFile)}
        {app.tokenFile === null ? null : (
          <>
            <code className="font-mono text-ink [overflow-wrap:anywhere]">{app.tokenFile}</code>
            <CopyButton text={app.tokenFile} label="Copy the path of the token file" />
          </>
        )}
      </p>
    </div>
  );
}
