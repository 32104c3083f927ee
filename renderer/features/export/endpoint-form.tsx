import { useId, useState } from 'react';
import type { ReactElement, ReactNode, SyntheticEvent } from 'react';
import type { Compression, ForwardSampling } from '../../../src/shared/domain/forwarding.ts';
import type { Api } from '../../bridge/bridge.ts';
import { CAPTURE_OPTIONS, captureChoice, EXAMPLE_NAMES, namesText, readNames } from '../../model/captured-spans.ts';
import { readEndpoint } from '../../model/endpoint-draft.ts';
import type { EndpointDraft, EndpointErrors, NamedEndpoint } from '../../model/endpoint-draft.ts';
import { PROTOCOL_OPTIONS } from '../../model/forward-state.ts';
import { Button } from '../../ui/button.tsx';
import { Fold } from '../../ui/fold.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { SpanChoice } from '../../ui/span-choice.tsx';
import { FilterField } from './filter-field.tsx';
import { HeaderFields } from './header-fields.tsx';

export interface EndpointFormProps {
  readonly api: Api;
  /** Where typed values are kept, in plain words. */
  readonly storageNote: ReactNode;
  readonly initial: EndpointDraft;
  readonly formerName: string | null;
  readonly busy: boolean;
  /** What the host found wrong, in words. */
  readonly complaint: string | null;
  /** What the button that ends the form says. */
  readonly goOn: (draft: EndpointDraft) => string;
  readonly onSubmit: (endpoint: NamedEndpoint, draft: EndpointDraft) => void;
  readonly onCancel: () => void;
}

/** Where traces are to be sent, and which of them. */
export function EndpointForm(props: EndpointFormProps): ReactElement {
  const { storageNote, initial, busy, complaint, goOn, onSubmit, onCancel } = props;
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<EndpointErrors>({});
  const change = (changed: Partial<EndpointDraft>): void => {
    setDraft({ ...draft, ...changed });
    setErrors({});
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const read = readEndpoint(draft);
    if (read.ok) onSubmit(read.value, draft);
    else setErrors(read.error);
  };
  const parts = { ...props, draft, errors, onChange: change };
  return (
    <form onSubmit={submit} noValidate className="space-y-3.5">
      {complaint === null ? null : <Notice kind="error">{complaint}</Notice>}
      <Place {...parts} />
      <HeaderFields
        headers={draft.headers}
        error={errors.headers}
        onChange={(headers) => {
          change({ headers });
        }}
      />
      {storageNote}
      <Contents {...parts} />
      <Connection {...parts} />
      <div className="sticky -bottom-4 z-10 -mx-5 -mb-4 flex flex-wrap items-center justify-end gap-2 rounded-b-[10px] border-t border-line bg-raised px-5 py-3.5">
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="solid" type="submit" disabled={busy}>
          {goOn(draft)}
        </Button>
      </div>
    </form>
  );
}

interface PartProps extends Pick<EndpointFormProps, 'api' | 'formerName'> {
  readonly draft: EndpointDraft;
  readonly errors: EndpointErrors;
  readonly onChange: (changed: Partial<EndpointDraft>) => void;
}

function Place({ draft, errors, onChange }: PartProps): ReactElement {
  const isGrpc = draft.protocol === 'grpc';
  return (
    <>
      <div className="grid gap-3.5 sm:grid-cols-[minmax(0,1fr)_160px]">
        <FormField
          label="Name"
          value={draft.name}
          error={errors.name}
          placeholder="Tempo"
          hint="For telling it from others."
          onChange={(name) => {
            onChange({ name });
          }}
        />
        <Labelled label="Protocol">
          {(id) => (
            <Select
              id={id}
              size="normal"
              label="Protocol"
              value={draft.protocol}
              options={PROTOCOL_OPTIONS}
              onChange={(protocol) => {
                onChange({ protocol });
              }}
            />
          )}
        </Labelled>
      </div>
      <FormField
        label="Address"
        mono
        value={draft.url}
        error={errors.url}
        placeholder={isGrpc ? 'http://127.0.0.1:4317' : 'http://127.0.0.1:4318'}
        hint={
          isGrpc ? 'Scheme, host and port.' : 'Of an OTLP endpoint; /v1/traces is put behind it where it is missing.'
        }
        onChange={(url) => {
          onChange({ url });
        }}
      />
    </>
  );
}

const SAMPLINGS: readonly { readonly value: ForwardSampling; readonly label: string }[] = [
  { value: 'caller', label: 'As their callers say: unsampled traces stay here' },
  { value: 'all', label: 'All of them, also those callers left unsampled' },
];

const DIRECTIONS = [
  ['requests', 'Requests'],
  ['responses', 'Responses'],
] as const;

function Contents(props: PartProps): ReactElement {
  const { draft, errors, onChange } = props;
  return (
    <>
      <FilterField
        {...props}
        error={errors.filter}
        onFilter={(filter) => {
          onChange({ filter });
        }}
      />
      <Labelled label="Sampling">
        {(id) => (
          <Select
            id={id}
            size="normal"
            label="Sampling"
            value={draft.sampling}
            options={SAMPLINGS}
            onChange={(sampling) => {
              onChange({ sampling });
            }}
          />
        )}
      </Labelled>
      <div role="group" aria-label="Bodies that leave">
        <p className="text-xs font-medium">Bodies</p>
        <p className="mb-1.5 text-xs text-ink-3">
          What was sent and answered stays here unless this says otherwise. What is hidden stays hidden.
        </p>
        <div className="space-y-1.5">
          {DIRECTIONS.map(([direction, label]) => (
            <SpanChoice
              key={direction}
              label={label}
              holdsTyped
              options={CAPTURE_OPTIONS}
              value={captureChoice(draft.payloads[direction])}
              named="chosen"
              names={namesText(draft.payloads[direction])}
              placeholder={EXAMPLE_NAMES}
              onChange={(choice, names) => {
                const captured = choice === 'chosen' ? readNames(names) : choice;
                onChange({ payloads: { ...draft.payloads, [direction]: captured } });
              }}
            />
          ))}
        </div>
        {errors.payloads === undefined ? null : <p className="mt-0.5 text-xs text-error">{errors.payloads}</p>}
      </div>
    </>
  );
}

const COMPRESSION_OPTIONS: readonly { readonly value: Compression; readonly label: string }[] = [
  { value: 'gzip', label: 'gzip' },
  { value: 'none', label: 'None' },
];

/** What most endpoints need no word about; open when something of it is wrong. */
function Connection({ draft, errors, onChange }: PartProps): ReactElement {
  const wrong = errors.timeoutSeconds !== undefined || errors.certificateFile !== undefined;
  return (
    <Fold
      label="Connection"
      hint="compression, time limit, certificate"
      startsOpen={draft.certificateFile !== ''}
      mustBeOpen={wrong}
    >
      <div className="grid gap-3.5 sm:grid-cols-2">
        <Labelled label="Compression">
          {(field) => (
            <Select
              id={field}
              size="normal"
              label="Compression"
              value={draft.compression}
              options={COMPRESSION_OPTIONS}
              onChange={(compression) => {
                onChange({ compression });
              }}
            />
          )}
        </Labelled>
        <FormField
          label="Time limit in seconds"
          value={draft.timeoutSeconds}
          error={errors.timeoutSeconds}
          hint="Of one request with all its attempts."
          onChange={(timeoutSeconds) => {
            onChange({ timeoutSeconds });
          }}
        />
      </div>
      <FormField
        label="Certificate file"
        mono
        value={draft.certificateFile}
        error={errors.certificateFile}
        placeholder="/path/to/ca.pem"
        hint="Trusted beside the system’s own certificates. Empty: only those."
        onChange={(certificateFile) => {
          onChange({ certificateFile });
        }}
      />
    </Fold>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }): ReactElement {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs font-medium">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
