import type { Explanation, RuleView } from '../../shared/domain/redaction.ts';
import { isMasked } from '../forms.ts';
import type { Hit } from '../hits.ts';
import { readJson } from '../json-tree.ts';
import type { Pipeline } from '../pipeline.ts';

type Step = Explanation['steps'][number];

/** Lets every rule look at a value under a name, and says what each of them found, or why it found nothing. */
export function explain(key: string, value: string, { engine, book }: Pipeline): Explanation {
  if (isMasked(value))
    return {
      isHidden: true,
      steps: [step('mask', 'Masks', true, 'This is a mask: what stood here is hidden already.')],
    };
  const said = key === '' ? null : engine.names.header(key);
  const document = JSON.stringify({ [key]: value });
  const { root } = readJson(document, 0);
  const inDocument = root !== null && engine.markTree(root) ? engine.hitsOfTree(document, root) : [];
  const found = engine.findEach(value);
  const steps = book.views.map((view) => {
    if (!view.isOn) return step(view.id, view.title, false, 'It is turned off.');
    const byName = said !== null && (said.rule ?? 'key-name') === view.id;
    if (byName)
      return step(
        view.id,
        view.title,
        true,
        `The name ${quoted(key)} announces a secret${said.kind === 'yours' ? '' : ` (${said.kind})`}.`,
      );
    const hit = [...found, ...inDocument].find(({ rule }) => rule === view.id);
    return hit === undefined
      ? step(view.id, view.title, false, whyNot(view, key, value))
      : step(view.id, view.title, true, whatItFound(hit, value));
  });
  return { isHidden: inDocument.length > 0 || found.length > 0, steps: inOrder(steps) };
}

function step(rule: string, title: string, found: boolean, why: string): Step {
  return { rule, title, found, why };
}

/** What was found comes first. */
function inOrder(steps: readonly Step[]): readonly Step[] {
  return [...steps.filter(({ found }) => found), ...steps.filter(({ found }) => !found)];
}

function whatItFound({ start, end, kind }: Hit, value: string): string {
  if (start === 0 && end === value.length) return `The whole value is one (${kind}).`;
  return `It found one (${kind}) in ${Math.max(1, end - start)} of the ${value.length} characters.`;
}

function whyNot({ id, group, match }: RuleView, key: string, value: string): string {
  if (match !== null)
    return match.type === 'path'
      ? `It looks at ${match.path} only; a value alone has no path.`
      : 'What it looks for is not there.';
  switch (id) {
    case 'key-name':
      return key === ''
        ? 'The value stands under no name.'
        : `The name ${quoted(key)} has no word that announces a secret, or has one that says it is about a secret only.`;
    case 'label':
      return 'No label such as "password:" or TOKEN= stands in front of anything in it.';
    case 'flag':
      return 'There is no flag such as --api-key in it.';
    case 'auth-scheme':
      return 'Neither Bearer nor Basic stands in it with credentials behind it.';
    case 'url-userinfo':
      return value.includes('://') ? 'The address in it has no user and no password.' : 'There is no address in it.';
    case 'url-query':
      return 'There is no parameter in it whose name announces a secret.';
    case 'known-value':
      return 'None of the secrets in your configuration stands in it.';
    case 'too-deep':
      return 'It is not nested too deep.';
    default:
      return group === 'personal' || group === 'shapes' ? 'Nothing in it has this form.' : 'It found nothing.';
  }
}

function quoted(name: string): string {
  return `"${name.slice(0, 80)}"`;
}
