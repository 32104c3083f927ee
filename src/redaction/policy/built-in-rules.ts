import type { RedactionAction, RuleGroup } from '../../shared/domain/redaction.ts';
import { SHAPES } from '../rules/shapes/all-shapes.ts';

/** What the registry says of a rule that is built in. */
export interface BuiltInRule {
  readonly id: string;
  readonly group: RuleGroup;
  readonly title: string;
  readonly explanation: string;
  readonly isOnAtFirst: boolean;
  readonly canBeTurnedOff: boolean;
  /** Null: any. */
  readonly onlyAction: RedactionAction | null;
}

type Named = Pick<BuiltInRule, 'id' | 'group' | 'title' | 'explanation'>;

function always(rule: Named, onlyAction: RedactionAction | null = null): BuiltInRule {
  return { ...rule, isOnAtFirst: true, canBeTurnedOff: false, onlyAction };
}

function optional(rule: Named, isOnAtFirst = true): BuiltInRule {
  return { ...rule, isOnAtFirst, canBeTurnedOff: true, onlyAction: null };
}

const BY_NAME: readonly BuiltInRule[] = [
  always({
    id: 'key-name',
    group: 'names',
    title: 'Names of secrets',
    explanation:
      'Hides the value under a key, header or attribute whose name says that it is a secret, such as password, x-api-key or authToken. It is always on, because most secrets are found by it.',
  }),
  always({
    id: 'label',
    group: 'names',
    title: 'Labels in texts',
    explanation:
      'Hides what follows a label such as "password:" or TOKEN= in a text, up to the end of the line or the closing quote. It is always on, because logs and errors show secrets this way.',
  }),
  optional({
    id: 'flag',
    group: 'names',
    title: 'Command line flags',
    explanation: 'Hides the value behind a flag such as --api-key in a command line.',
  }),
  optional({
    id: 'curl-user',
    group: 'names',
    title: 'Users and passwords of curl',
    explanation: 'Hides user and password behind -u and --user, and cookies behind -b, in a curl command.',
  }),
  optional({
    id: 'markup',
    group: 'names',
    title: 'Elements of XML',
    explanation: 'Hides the text of an element whose name says that it is a secret, such as <password>.',
  }),
  optional({
    id: 'netrc',
    group: 'names',
    title: 'Passwords in .netrc',
    explanation: 'Hides passwords in the lines of a .netrc file (machine, login, password).',
  }),
  always({
    id: 'auth-scheme',
    group: 'names',
    title: 'Bearer and Basic',
    explanation:
      'Hides credentials behind the words Bearer and Basic in a text. It is always on, because whoever has them can act for you.',
  }),
];

const BY_ADDRESS: readonly BuiltInRule[] = [
  always({
    id: 'url-userinfo',
    group: 'addresses',
    title: 'Users and passwords in addresses',
    explanation:
      'Hides user and password in addresses such as postgres://user:password@host. It is always on, because what stands there is nearly always a password.',
  }),
  optional({
    id: 'url-query',
    group: 'addresses',
    title: 'Parameters of addresses',
    explanation:
      'Hides parameters of addresses whose names say that they are secrets, such as ?token= or #access_token=.',
  }),
];

const KNOWN: readonly BuiltInRule[] = [
  always({
    id: 'known-value',
    group: 'known',
    title: 'Secrets of your servers',
    explanation:
      'Hides the secrets that are in your configuration (tokens, environment values, headers) wherever they stand, also percent-encoded or in base64. It is always on, because these are known to be secrets.',
  }),
];

const LIMITS: readonly BuiltInRule[] = [
  always(
    {
      id: 'too-deep',
      group: 'limits',
      title: 'What is nested too deep',
      explanation:
        'Hides what is nested more than a hundred levels deep in JSON. It is always on and always masks, because no rule has read what it hides.',
    },
    'mask',
  ),
];

const BY_SHAPE: readonly BuiltInRule[] = SHAPES.map(({ id, group, title, explanation, isOnAtFirst }) =>
  optional({ id, group, title, explanation }, isOnAtFirst),
);

/** Every rule that is built in, in the order in which they are shown. */
export const BUILT_IN_RULES: readonly BuiltInRule[] = [...BY_NAME, ...BY_ADDRESS, ...KNOWN, ...BY_SHAPE, ...LIMITS];
