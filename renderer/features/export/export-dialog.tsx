import type { ReactElement } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ExportForm } from './export-form.tsx';
import type { ExportFormProps } from './export-form.tsx';

export interface ExportDialogProps extends Omit<ExportFormProps, 'end'> {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function ExportDialog({ open, onClose, ...form }: ExportDialogProps): ReactElement {
  return (
    <Dialog open={open} onClose={onClose} title="Save traces as a file" description="Enter saves what is chosen.">
      <ExportForm {...form} end={<Button onClick={onClose}>Close</Button>} />
    </Dialog>
  );
}
