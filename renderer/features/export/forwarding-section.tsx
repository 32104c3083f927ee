import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ForwardStatus } from '../../../src/shared/contract/messages.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { plural } from '../../model/format.ts';
import { Button } from '../../ui/button.tsx';
import { EndpointRow } from './endpoint-row.tsx';
import type { ForwardingStore } from './store.forwarding.ts';

export interface ForwardingSectionProps {
  readonly forwarding: ForwardingStore;
  readonly endpoints: readonly ForwardStatus[];
  readonly canManage: boolean;
}

/** Where finished traces go by themselves, and how that goes. */
export function ForwardingSection({ forwarding, endpoints, canManage }: ForwardingSectionProps): ReactElement {
  const [complaint, setComplaint] = useState<{ readonly name: string; readonly message: string } | null>(null);
  const attempt = (name: string, action: () => Promise<void>): void => {
    setComplaint(null);
    action().catch((thrown: unknown) => {
      setComplaint({ name, message: describeFailure(thrown).message });
    });
  };
  const on = endpoints.filter(({ isEnabled }) => isEnabled).length;
  return (
    <div className="min-h-0 flex-1 overflow-auto px-4 py-3">
      <div className="max-w-[980px]">
        <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <p className="min-w-0 flex-1 basis-[240px] text-xs text-ink-2">
            {on === 0 ? 'Nothing leaves this machine by itself.' : `Finished traces go to ${plural(on, 'endpoint')}.`}{' '}
            An endpoint that does not answer slows no call.
          </p>
          <Button
            look="solid"
            disabled={!canManage}
            onClick={() => {
              forwarding.edit(null);
            }}
          >
            <Plus size={14} aria-hidden />
            Add an endpoint
          </Button>
        </div>
        {endpoints.length === 0 ? (
          <Empty />
        ) : (
          <ul aria-label="Endpoints" className="space-y-2.5">
            {endpoints.map((endpoint) => (
              <EndpointRow
                key={`${endpoint.source} ${endpoint.name}`}
                endpoint={endpoint}
                canManage={canManage}
                complaint={complaint?.name === endpoint.name ? complaint.message : null}
                onSwitch={(isOn) => {
                  if (isOn) forwarding.offerToSwitchOn(endpoint.name);
                  else attempt(endpoint.name, () => forwarding.switchOff(endpoint.name));
                }}
                onEdit={() => {
                  forwarding.edit(endpoint.name);
                }}
                onRemove={() => {
                  attempt(endpoint.name, () => forwarding.remove(endpoint.name));
                }}
              />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function Empty(): ReactElement {
  return (
    <div className="rounded-lg border border-dashed border-line-strong px-4 py-6 text-sm text-ink-2">
      <p className="font-medium text-ink">No endpoint yet</p>
      <p className="mt-0.5 max-w-[560px]">
        Add one, and traces go by themselves to Tempo, Jaeger, an OpenTelemetry Collector or anything else that takes
        OTLP. You see exactly what would leave before anything does.
      </p>
    </div>
  );
}
