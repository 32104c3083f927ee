import { useState } from 'react';
import type { ReactElement } from 'react';
import { draftFromConfig } from '../../model/server-draft.ts';
import type { ServerDraft } from '../../model/server-draft.ts';
import { Button } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';

export interface PasteFormProps {
  readonly onBack: () => void;
  readonly onRead: (draft: ServerDraft) => void;
}

export function PasteForm({ onBack, onRead }: PasteFormProps): ReactElement {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | undefined>(undefined);
  return (
    <div className="space-y-3.5">
      <FormField
        label="One server of an mcpServers configuration"
        mono
        lines={10}
        value={text}
        onChange={(value) => {
          setText(value);
          setError(undefined);
        }}
        error={error}
        placeholder={'{\n  "mcpServers": {\n    "everything": { "command": "npx", "args": ["-y", "…"] }\n  }\n}'}
        hint="It fills the form; nothing is started."
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>Back</Button>
        <Button
          look="solid"
          onClick={() => {
            const read = draftFromConfig(text);
            if (read.ok) onRead(read.value);
            else setError(read.error);
          }}
        >
          Fill the form
        </Button>
      </div>
    </div>
  );
}
