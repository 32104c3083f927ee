import { writeFileSync } from 'node:fs';
import { renderLedger } from '../../test/requirements/render.ts';
import { areas } from '../../test/requirements/requirements.ts';
import { say } from '../setup/messages.mjs';
import { inRepository } from '../setup/paths.mjs';

writeFileSync(inRepository('docs', 'requirements.md'), renderLedger(areas));
say('wrote docs/requirements.md');
