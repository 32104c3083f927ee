import type { ExportedFile } from '../../../src/shared/contract/messages.ts';
import { bytesOf } from '../../bridge/base64.ts';

/** Hands a file to the browser as a download. */
export function saveFile({ base64, mediaType, fileName }: ExportedFile): void {
  const url = URL.createObjectURL(new Blob([bytesOf(base64)], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
