import { readFileSync, writeFileSync } from 'node:fs';
import { withComparison } from '../../test/bench/redaction/comparison-report.ts';
import { withEraTable } from '../../test/integration/eras/matrix/render.ts';
import { redactorFor } from '../../test/redaction/corpus-run.ts';
import { withRules } from '../../test/redaction/rules-page.ts';
import { renderLedger } from '../../test/requirements/render.ts';
import { areas } from '../../test/requirements/requirements.ts';
import { say } from '../setup/messages.mjs';
import { inRepository } from '../setup/paths.mjs';

const requirements = inRepository('docs', 'requirements.md');
const eras = inRepository('docs', 'eras.md');
const redaction = inRepository('docs', 'redaction.md');
const comparison = JSON.parse(readFileSync(inRepository('test', 'bench', 'redaction', 'comparison.json'), 'utf8'));
writeFileSync(requirements, renderLedger(areas));
writeFileSync(eras, withEraTable(readFileSync(eras, 'utf8')));
writeFileSync(
  redaction,
  withComparison(withRules(readFileSync(redaction, 'utf8'), redactorFor({}).rules()), comparison),
);
say('wrote docs/requirements.md and the tables of docs/eras.md and docs/redaction.md');
