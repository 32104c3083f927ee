import type { ReactElement } from 'react';
import type { Api } from '../../bridge/bridge.ts';
import { latest, useAnswer } from '../../bridge/use-answer.ts';
import { readEndpoint } from '../../model/endpoint-draft.ts';
import type { EndpointDraft } from '../../model/endpoint-draft.ts';
import { formatCount } from '../../model/format.ts';
import { FormField } from '../../ui/form-field.tsx';

const SETTLE_MS = 300;
/** Its address matters nothing to which traces match; without one the host could not be asked. */
const ANY_PLACE: Partial<EndpointDraft> = { name: 'any', url: 'http://127.0.0.1', headers: [], timeoutSeconds: '10' };

export interface FilterFieldProps {
  readonly api: Api;
  readonly draft: EndpointDraft;
  readonly error: string | undefined;
  readonly onFilter: (filter: string) => void;
}

/** The filter of an endpoint, in the language of the trace list, and how many traces it lets through. */
export function FilterField({ api, draft, error, onFilter }: FilterFieldProps): ReactElement {
  const { filter, sampling } = draft;
  const asked = readEndpoint({ ...draft, ...ANY_PLACE, certificateFile: '' });
  const state = useAnswer(
    asked.ok ? JSON.stringify([filter.trim(), sampling]) : null,
    async (signal) => {
      if (!asked.ok) return null;
      return api.forwarding.preview({ name: null, endpoint: asked.value.endpoint }, { signal });
    },
    SETTLE_MS,
  );
  const preview = latest(state);
  const refused = state.phase === 'failed' && filter.trim() !== '' ? state.message : undefined;
  const hint =
    preview === null
      ? 'As in the filter above the list of calls. Empty: every trace.'
      : `${filter.trim() === '' ? 'Empty: every trace. ' : ''}${formatCount(preview.matching)} of the ${formatCount(preview.stored)} kept now would leave.`;
  return (
    <FormField
      label="Filter"
      mono
      value={filter}
      error={error ?? refused}
      placeholder="status:error  server:github  dur:>500ms"
      hint={hint}
      onChange={onFilter}
    />
  );
}
