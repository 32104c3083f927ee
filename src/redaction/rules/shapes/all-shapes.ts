import { CARDS } from './cards.ts';
import { CLOUD } from './cloud.ts';
import { CODE_HOSTING } from './code-hosting.ts';
import { KEYS } from './keys.ts';
import { PERSONAL } from './personal.ts';
import { SERVICES } from './services.ts';
import type { Shape } from './shape.ts';

/** Every shape that can be looked for. Where two find the same, the first one names it. */
export const SHAPES: readonly Shape[] = [...KEYS, ...CODE_HOSTING, ...SERVICES, ...CLOUD, CARDS, ...PERSONAL];
