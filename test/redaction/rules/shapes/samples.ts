/** Characters that look random and are the same in every run; nothing here opens anything. */
export function randomLike(length: number, alphabet: string, seed = 7): string {
  let state = seed;
  let text = '';
  for (let at = 0; at < length; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += alphabet[Math.floor(state / 65_536) % alphabet.length] ?? '';
  }
  return text;
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALNUM = LOWER.toUpperCase() + LOWER + DIGITS;
const HEX = `${DIGITS}abcdef`;
const URL_SAFE = `${ALNUM}_-`;

const alnum = (length: number): string => `a1B${randomLike(length - 3, ALNUM)}`;
const urlSafe = (length: number): string => `a1B${randomLike(length - 4, URL_SAFE)}x`;
const hex = (length: number): string => randomLike(length, HEX);
const upper = (length: number): string => randomLike(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const AWS_ID = `AKIA${upper(16)}`;
const AWS_SECRET = `aB3/${randomLike(36, ALNUM)}`;
const PEM_BODY = `${randomLike(64, ALNUM)}\n${randomLike(64, ALNUM)}\n${randomLike(20, ALNUM)}==`;

export function pem(kind: string, lineEnd = '\n'): string {
  return ['-----BEGIN ', kind, '-----\n', PEM_BODY, '\n-----END ', kind, '-----'].join('').replaceAll('\n', lineEnd);
}

export const JWT = [base64url({ alg: 'HS256', typ: 'JWT' }), base64url({ sub: '12', name: 'x' }), urlSafe(43)].join(
  '.',
);

/** By rule: what it hides whole. */
export const SECRETS: Readonly<Record<string, readonly string[]>> = {
  jwt: [
    JWT,
    `${base64url({ alg: 'none' })}.${base64url({ sub: '1' })}`,
    `${base64url({ alg: 'dir', enc: 'A' })}..aa.bb.cc`,
  ],
  'private-key': [
    pem('PRIVATE KEY'),
    pem('RSA PRIVATE KEY', '\\n'),
    pem('PGP PRIVATE KEY BLOCK'),
    pem('OPENSSH PRIVATE KEY', ' '),
  ],
  'age-key': [`AGE-SECRET-KEY-1${randomLike(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`],
  'minisign-key': [`RWRTY0Iy${alnum(140)}`],
  'github-token': ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => prefix + alnum(36)),
  'github-fine-grained-token': [`github_pat_${alnum(22)}_${alnum(59)}`],
  'gitlab-token': [`glpat-${alnum(20)}`, `glrt-${alnum(20)}`],
  'npm-token': [`npm_${alnum(36)}`],
  'pypi-token': [`pypi-AgEIcHlwaS5vcmc${urlSafe(120)}`],
  'package-registry-token': [`dckr_pat_${alnum(27)}`, `rubygems_${hex(48)}`, `oy2${randomLike(43, LOWER + DIGITS)}`],
  'digitalocean-token': [`dop_v1_${hex(64)}`],
  'hosting-token': [`nfp_${alnum(36)}`, `sbp_${hex(40)}`, `dapi${hex(32)}`],
  'anthropic-key': [`sk-ant-api03-${urlSafe(95)}`],
  'openai-key': [`sk-${alnum(48)}`, `sk-proj-${alnum(70)}`, `sk-or-v1-${hex(64)}`],
  'hugging-face-token': [`hf_${randomLike(34, LOWER + LOWER.toUpperCase())}`],
  'model-service-key': [`gsk_${alnum(52)}`, `xai-${alnum(80)}`, `tvly-${alnum(32)}`],
  'stripe-key': [`sk_live_${alnum(24)}`, `rk_test_${alnum(99)}`],
  'webhook-secret': [`whsec_${alnum(32)}`],
  'commerce-token': [`shpat_${hex(32)}`, `sq0csp-${urlSafe(43)}`],
  'sendgrid-key': [`SG.${alnum(22)}.${alnum(43)}`],
  'twilio-key': [`SK${hex(32)}`],
  'mail-service-key': [`key-${hex(32)}`, `re_${alnum(8)}_${alnum(24)}`],
  'workspace-token': [`lin_api_${alnum(40)}`, `ntn_${alnum(46)}`, `ATATT3${alnum(180)}`],
  'operations-token': [`hvs.${alnum(90)}`, `glsa_${alnum(32)}_${hex(8)}`],
  'aws-access-key': [AWS_ID, `ASIA${upper(16)}`],
  'google-api-key': [`AIza${urlSafe(35)}`],
  'google-oauth': [`ya29.${urlSafe(120)}`, `GOCSPX-${urlSafe(28)}`],
  'slack-token': [`xoxb-123456789012-1234567890123-${alnum(24)}`, `xapp-1-A0123-456-${hex(64)}`],
  'telegram-token': [`123456789:AA${alnum(33)}`],
  'discord-token': [`${base64('123456789012345678')}.Gabc12.${urlSafe(38)}`],
  'payment-card': [
    '4111111111111111',
    '4111 1111 1111 1111',
    '5500-0000-0000-0004',
    '3782 822463 10005',
    '6011111111111117',
    '3530111333300000',
  ],
  email: ['bob.smith+x@mail.example.org'],
  phone: ['+49 30 1234567', '+14155550123', '(415) 555-0123', '415-555-0123'],
  iban: ['DE89370400440532013000', 'GB82 WEST 1234 5698 7654 32'],
};

/** Hidden as a part of a longer text: the text, and the part. */
export const PARTS: readonly (readonly [string, string, string])[] = [
  ['aws-secret-key', `${AWS_ID},${AWS_SECRET}`, AWS_SECRET],
  ['aws-secret-key', `id ${AWS_ID} and on the next line\n${AWS_SECRET}`, AWS_SECRET],
  ['webhook-url', `https://hooks.slack.com/services/T012/B345/${alnum(24)}`, `T012/B345/${alnum(24)}`],
  ['webhook-url', `https://discord.com/api/webhooks/123456789/${urlSafe(68)}?wait=1`, `123456789/${urlSafe(68)}`],
  ['private-key', pem('PRIVATE KEY').slice(0, 150), pem('PRIVATE KEY').slice(0, 150)],
  ['telegram-token', `https://api.telegram.org/bot123456789:AA${alnum(33)}/getMe`, `123456789:AA${alnum(33)}`],
  ['payment-card', 'paid with 4111 1111 1111 1111 12/27', '4111 1111 1111 1111'],
  ['iban', 'to DE89 3704 0044 0532 0130 00 BIC X', 'DE89 3704 0044 0532 0130 00'],
];

/** What looks like one and is none, by the rule that must let it be. */
export const NEAR_MISSES: Readonly<Record<string, readonly string[]>> = {
  jwt: ['eyJhbGciOiJ', `${base64url({ name: 'x' })}.png.bak`, 'eyJ.eyJ.x', base64url({ a: 1 })],
  'private-key': [
    pem('PUBLIC KEY'),
    pem('CERTIFICATE'),
    'a file with -----BEGIN PRIVATE KEY----- in it',
    '-----BEGIN ',
  ],
  'age-key': ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p', 'AGE-SECRET-KEY-1...'],
  'minisign-key': ['RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3', 'RWRTY0Iy'],
  'github-token': ['ghp_short', `ghp_${'x'.repeat(40)}`, `ghp_${'a_'.repeat(30)}`, `xghp_${alnum(36)}`],
  'github-fine-grained-token': ['github_pat_ is the prefix', 'github_pattern_for_the_names_of_branches'],
  'gitlab-token': ['glpat-abc', 'glpat-the-name-of-a-very-long-branch'],
  'npm-token': ['npm_config_registry_of_the_company_and_more', 'npm_lifecycle_event'],
  'pypi-token': ['pypi-attestations', 'pypi-publish-action-for-the-release-of-our-packages-x'],
  'package-registry-token': ['rubygems_version_requirement_of_this', 'oy2'],
  'digitalocean-token': ['dop_v1_x', `dop_v1_${hex(63)}`],
  'hosting-token': ['dapi', `dapi${hex(20)}`, 'rnd_generator_of_the_whole_simulation'],
  'anthropic-key': ['sk-ant-...', 'sk-ant-api03-your-key-goes-here-please'],
  'openai-key': [
    'task-list-of-things-to-do-next-week',
    'risk-assessment-2024-12',
    'sk-learn-documentation-of-pages',
    'sk-1234',
    'sk-SK',
  ],
  'hugging-face-token': ['hf_hub_download', 'hf_transformers'],
  'model-service-key': ['xai-org', 'r8_', 'fw_update_status_of_the_device_now'],
  'stripe-key': ['sk_live_', 'pk_live_abcdefghijklmnop12345', 'sk_test_mode_is_enabled_here'],
  'webhook-secret': ['whsec_', 'whsec_...'],
  'commerce-token': ['shpat_', 'sq0csp-short'],
  'sendgrid-key': ['SG.', 'SG.Sequence.Of.Words.That.Is.Long.Enough.To.Count'],
  'twilio-key': [`SK${hex(31)}`, `SK${hex(33)}`, 'SKIPPED', `TASK${hex(32)}`],
  'mail-service-key': ['key-value-store-with-many-words-in-it', 're_match_all_the_words_of_the_text'],
  'workspace-token': ['ntn_', 'lin_api_reference_of_all_objects_there'],
  'operations-token': ['glc_', 'hvs.example.com/with/a/long/path'],
  'aws-access-key': ['AKIA', `AKIA${upper(12)}`, `AKIA${upper(20)}`, `X${AWS_ID}`],
  'aws-secret-key': [AWS_SECRET, `${AWS_ID} 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12`.slice(21), hex(40)],
  'google-api-key': ['AIza', `AIza${urlSafe(20)}`, `AIza${alnum(120)}`],
  'google-oauth': ['ya29.', 'GOCSPX-'],
  'slack-token': ['xoxb-', 'xoxo-hugs-and-kisses', 'xoxp-token'],
  'webhook-url': [
    'https://hooks.slack.com/services/',
    'https://discord.com/channels/123456789/9876543210',
    'discord.com',
  ],
  'telegram-token': ['12:AA', `123456789:AA${alnum(20)}`, 'ratio 123456789:AAA'],
  'discord-token': ['NTIwNTI', 'Module.Class.methodName', `${alnum(24)}.abc`],
  'payment-card': [
    '4111111111111112',
    '1763900000000',
    '41111111111111110',
    '0.4111111111111111',
    'x4111111111111111',
    '4111 1111-1111 1111',
    '1234 5678 9012 3456',
    '0000000000000000',
    '550e8400-e29b-41d4-a716-446655440000',
  ],
  email: ['@user', 'git@github', 'a@b', 'npm i @scope/name@1.2.3', 'user at example.org'],
  phone: ['2024-01-02', '12:30', '1763900000000', '127.0.0.1', 'v1.2.3-4', '+1', '555-0123'],
  iban: ['DE89370400440532013001', 'XX00AAAA0000', 'GB82WEST1234569876543', 'ABCD1234'],
};

/** What no rule may touch. */
export const HARMLESS: readonly string[] = [
  '550e8400-e29b-41d4-a716-446655440000',
  '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  `data:image/png;base64,iVBORw0KGgo${randomLike(400, ALNUM)}`,
  `commit ${hex(40)} on main`,
  'sha512-/P6FNnLbHjXJMRF1dPoZoVTyHvFcuVhbDpzml9DPMlbeErYlZ18GueAaG9GhYhAm/9AN7i7Y6crmDrLX0DeJ4Q==',
  '2026-11-23T12:41:03.123Z',
  'search_repositories create_or_update_file sequentialthinking',
  'order 1234567890123456 of 9876543210',
  'const akia = "AKIA"; // the prefix of ids',
  '/usr/lib/node_modules/some-package/dist/index.js:123:45',
];
