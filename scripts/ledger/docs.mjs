import { readFileSync, writeFileSync } from 'node:fs';
import { withEraTable } from '../../test/integration/eras/matrix/render.ts';
import { renderLedger } from '../../test/requirements/render.ts';
import { areas } from '../../test/requirements/requirements.ts';
import { say } from '../setup/messages.mjs';
import { inRepository } from '../setup/paths.mjs';

const requirements = inRepository('docs', 'requirements.md');
const eras = inRepository('docs', 'eras.md');
writeFileSync(requirements, renderLedger(areas));
writeFileSync(eras, withEraTable(readFileSync(eras, 'utf8')));
say('wrote docs/requirements.md and the table of docs/eras.md');
