import type { ReactElement } from 'react';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { serverPath, serverUrl } from '../../model/endpoints.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

/** The endpoint of one server or virtual server: its path to read, its whole address to copy. */
export function EndpointLine({ origin, id }: { readonly origin: string; readonly id: ServerId }): ReactElement {
  const url = serverUrl(origin, id);
  return (
    <span className="flex min-w-0 items-start gap-0.5">
      <code className="min-w-0 font-mono text-2xs text-ink [overflow-wrap:anywhere]" title={url}>
        <Breakable text={serverPath(id)} />
      </code>
      <CopyButton text={url} label={`Copy the address ${url}`} className="-my-1 -mr-1" />
    </span>
  );
}
