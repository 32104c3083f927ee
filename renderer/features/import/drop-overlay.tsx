import { FileInput } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import type { ReactElement } from 'react';
import type { ImportStore } from './store.import.ts';

export interface DropOverlayProps {
  readonly imports: ImportStore;
  readonly canManage: boolean;
}

/** Takes files that are dropped anywhere on the window, and says so while they are held over it. */
export function DropOverlay({ imports, canManage }: DropOverlayProps): ReactElement | null {
  const [isOver, setOver] = useState(false);
  const take = useEffectEvent((files: FileList | undefined) => {
    if (files === undefined || files.length === 0) return;
    if (canManage) imports.add([...files]);
    else imports.open();
  });
  useEffect(() => {
    // Every element that is entered says so before the one that is left does.
    let depth = 0;
    const show = (next: number): void => {
      depth = Math.max(0, next);
      setOver(depth > 0);
    };
    const enter = (event: DragEvent): void => {
      if (holdsFiles(event)) show(depth + 1);
    };
    const leave = (event: DragEvent): void => {
      if (holdsFiles(event)) show(depth - 1);
    };
    // Without this the browser would leave the page for the file.
    const over = (event: DragEvent): void => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      show(0);
      take(event.dataTransfer?.files);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-[60] flex items-center justify-center bg-page/85 p-4">
      <div className="flex max-w-[420px] flex-col items-center gap-2 rounded-xl border-2 border-dashed border-accent bg-raised px-8 py-10 text-center shadow-2xl">
        <FileInput size={28} className="text-accent" aria-hidden />
        <p className="text-base font-semibold">{canManage ? 'Drop to open' : 'This page may not open files'}</p>
        <p className="text-sm text-ink-2">Files with traces: OTLP, Jaeger, Tempo, Zipkin, or a session.</p>
      </div>
    </div>
  );
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
