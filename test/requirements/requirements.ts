import type { Area, Requirement } from './row.ts';
import { exportAndStorage } from './rows/export-and-storage.ts';
import { operationSpans } from './rows/operation-spans.ts';
import { plugins } from './rows/plugins.ts';
import { propagation } from './rows/propagation.ts';
import { redaction } from './rows/redaction.ts';
import { requestRoot } from './rows/request-root.ts';
import { security } from './rows/security.ts';

export const areas: readonly Area[] = [
  redaction,
  requestRoot,
  operationSpans,
  propagation,
  plugins,
  exportAndStorage,
  security,
];

export const requirements: readonly Requirement[] = areas.flatMap((area) => area.rows);
