import type { RedactionAction, RuleGroup, RuleView } from '../../src/shared/domain/redaction.ts';

/** A built-in rule of a host that is made up, and what it finds: its first group if it has one, else the whole match. */
export interface SampleRule extends RuleView {
  readonly kind: string;
  /** Null: it finds nothing in texts here. */
  readonly finds: RegExp | null;
}

const rule = (
  id: string,
  group: RuleGroup,
  title: string,
  explanation: string,
  rest: { kind?: string; finds?: RegExp; isOn?: boolean; locked?: boolean; action?: RedactionAction } = {},
): SampleRule => ({
  id,
  group,
  title,
  explanation,
  isOn: rest.isOn ?? true,
  canBeTurnedOff: rest.locked !== true,
  action: rest.action ?? 'mask',
  match: null,
  kind: rest.kind ?? id,
  finds: rest.finds ?? null,
});

const LABELLED = /(?:password|passwd|token|secret|api[-_]?key)["']?\s*[:=]\s*["']?([^\s"',;&}]+)/gi;

/** One or more of each group. */
export const SAMPLE_RULES: readonly SampleRule[] = [
  rule('key-name', 'names', 'Names of secrets', 'The value under a name such as password, api_key or client_secret.', {
    kind: 'password',
    locked: true,
  }),
  rule('key-value', 'names', 'Labels in text', 'What follows a label such as “password:” in a line of text.', {
    kind: 'password',
    finds: LABELLED,
  }),
  rule('flag', 'names', 'Command-line flags', 'The word after a flag such as --api-key.', { kind: 'flag' }),
  rule('auth-scheme', 'names', 'Authorization schemes', 'What follows Bearer, Basic, Digest and other schemes.', {
    kind: 'authorization',
    finds: /\b(?:Bearer|Basic)\s+([A-Za-z0-9._~+/=-]{6,})/g,
  }),
  rule('url-userinfo', 'addresses', 'Credentials in addresses', 'User and password before the @ of an address.', {
    finds: /\b[a-z][a-z0-9+.-]*:\/\/([^\s/@]+)@/gi,
  }),
  rule('url-query', 'addresses', 'Queries and fragments', 'Values of secret parameters after ? and # of an address.', {
    kind: 'token',
    finds: /[?&#](?:token|key|sig|code)=([^&#\s"]+)/gi,
  }),
  rule(
    'github-token',
    'shapes',
    'GitHub tokens',
    'Anything that begins like a GitHub token: ghp_, gho_, github_pat_.',
    {
      finds: /\b(?:ghp|gho)_[A-Za-z0-9]{16,}\b/g,
    },
  ),
  rule(
    'jwt',
    'shapes',
    'JSON Web Tokens',
    'Three parts of base64url with dots between them, the first of which is JSON.',
    {
      finds: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
      action: 'hash',
    },
  ),
  rule('aws-key', 'shapes', 'AWS access keys', 'AKIA or ASIA and sixteen capital letters or digits.', {
    finds: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
    action: 'partial',
  }),
  rule('card', 'shapes', 'Card numbers', '13 to 19 digits that pass the Luhn check.', { finds: /\b\d{16}\b/g }),
  rule('known-value', 'known', 'Known values', 'Secrets that the gateway itself was given, in any encoding.', {
    locked: true,
  }),
  rule('email', 'personal', 'E-mail addresses', 'Anything of the form name@host.example.', {
    isOn: false,
    finds: /[\w.+-]+@[\w-]+\.[\w.-]+\w/g,
  }),
  rule('phone', 'personal', 'Phone numbers', 'International numbers that begin with a plus sign.', {
    isOn: false,
    finds: /\+\d[\d ]{7,14}\d/g,
  }),
  rule('too-deep', 'limits', 'Too deep to be read', 'What is nested so deeply that no rule can look at it.', {
    locked: true,
  }),
];
