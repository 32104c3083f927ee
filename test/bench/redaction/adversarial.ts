/** A text that is made to keep one rule busy with what it nearly finds, of at least `size` characters. */
export interface AdversarialText {
  readonly rule: string;
  readonly title: string;
  readonly text: string;
}

/** Repeated: what the rule begins to read, and what lets it down at the last moment. */
const PIECES: Readonly<Record<string, readonly string[]>> = {
  'key-name': ['{"token":"a" ', '["token","a"]', '{"a":', '{"{"', '[1,', '{"password', '"token":"a",', '\\"token\\":'],
  label: ['password=', 'token: ', 'token="x ', 'token:\n', 'password=f(', 'token=, ', '==', '   =>', 'a b c token'],
  flag: ['--token ', "--token 'a", '--', '--token --', '--api-key -'],
  'auth-scheme': ['bearer ', 'Bearer x ', 'basic ', 'Basic a:', 'bearer\t'],
  'url-userinfo': ['://', 'a://', 'a://u:p/', 'http://@', 'a://u:p', 'x://:'],
  'url-query': ['?', '&a=', '?token=;', '&', '%25', '#', ';', '?a=1&', '?%3d%3f', '&%74oke='],
  'curl-user': ['curl ', 'curl -u ', 'curl -u a', 'curl -b ', 'curl --user ada '],
  markup: ['<password>', '</password>', '<', '</', '>a</', '<token>x</token', '<password></password>'],
  netrc: ['password ', 'machine a login b password ', 'login ', 'machine a login '],
  'known-value': ['known-FAKE-valu', 'a25vd24tRkFLRS12YWx1', 'known-FAKE-value'],
  'too-deep': ['{', '[', '{"a":[', '[[[[[[[[[[1'],
  jwt: ['eyJ', 'eyJhbGciOiJ.', 'eyJhbGciOiJub25lIn0.', 'eyJ.eyJ.', `eyJ${'a'.repeat(4_000)}`, 'eyJhbGciOiJIUzI1NiJ9 '],
  'private-key': ['-----BEGIN', '-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----\nMIIE', '-----END '],
  'age-key': ['AGE-SECRET-KEY-1', `AGE-SECRET-KEY-1${'Q0'.repeat(19)}`],
  'minisign-key': ['RWRTY0Iy', `RWRTY0Iy${'a0'.repeat(50)} `],
  'payment-card': ['4242 ', '4242-4242-4242-4241 ', '4', '4242424242424241 ', '0', '37828224631000 '],
  email: ['@', 'a@', 'a.b@c', `${'a'.repeat(64)}@`, 'a@b.', '.@.'],
  phone: ['+49 ', '+1 (2', '415-555-', '+', '(415) ', '1'],
  iban: ['DE89', 'DE89 3704 ', 'GB82WEST', 'AB12'],
  'aws-secret-key': [
    'AKIA',
    'AKIAFAKEFAKEEXAMPLE2',
    `AKIAFAKEFAKEEXAMPLE2 ${'a'.repeat(39)} `,
    'AKIAFAKEFAKEEXAMPLE2+',
  ],
  'discord-token': ['MTAw', `MTAw${'A'.repeat(20)}.`, `MTAw${'A'.repeat(20)}.GFAKEa.`],
  'telegram-token': [':AA', '0123456789:AA', `0123456789:AA${'a'.repeat(20)} `],
  'webhook-url': [
    'hooks.slack.com',
    'hooks.slack.com/services/',
    'discord.com/api/webhooks/',
    'hooks.slack.com/services/T/',
  ],
};

/** Of the other rules: the beginning of what they look for, again and again, alone and with too little behind it. */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  'github-token': ['ghp_', 'gho_'],
  'github-fine-grained-token': ['github_pat_'],
  'gitlab-token': ['glpat-'],
  'npm-token': ['npm_'],
  'pypi-token': ['pypi-'],
  'package-registry-token': ['dckr_pat_', 'oy2'],
  'digitalocean-token': ['dop_v1_'],
  'hosting-token': ['nfp_', 'dapi', 'sb_secret_'],
  'anthropic-key': ['sk-ant-'],
  'openai-key': ['sk-', 'sk-proj-'],
  'hugging-face-token': ['hf_'],
  'model-service-key': ['gsk_', 'tvly-', 'r8_'],
  'stripe-key': ['sk_live_'],
  'webhook-secret': ['whsec_'],
  'commerce-token': ['shpat_', 'sq0atp-'],
  'sendgrid-key': ['SG.'],
  'twilio-key': ['SK0', 'SKa'],
  'mail-service-key': ['key-', 're_'],
  'workspace-token': ['ntn_', 'lin_api_'],
  'operations-token': ['hvs.', 'glc_'],
  'aws-access-key': ['AKIA'],
  'google-api-key': ['AIza'],
  'google-oauth': ['ya29.', 'GOCSPX-'],
  'slack-token': ['xoxb-', 'xapp-'],
};

/** Against no rule in particular: what readers of strings and documents stumble over. */
const ANY = ['\\', '"', ' ', '\n', '(', 'a'.repeat(64), 'QUJD', 'é', '\u{1f600}', '\\u0041', '\u001b[0m', '•', '•••'];

const RUNS: readonly (readonly [rule: string, title: string, make: (size: number) => string])[] = [
  ['label', 'a long run of spaces before the sign', (size) => `${' '.repeat(size)}: x`],
  ['label', 'a name without an end', (size) => `${'token'.repeat(size / 5)}=x`],
  ['label', 'a value that never closes', (size) => `password="${'\\'.repeat(size)}"`],
  ['url-query', 'a list of empty parameters', (size) => `?token=${';'.repeat(size)}`],
  ['jwt', 'one run of base64', (size) => `eyJ${'hbGciOiJ'.repeat(size / 8)}`],
  ['private-key', 'a key without an end', (size) => `-----BEGIN PRIVATE KEY-----\n${'MIIE'.repeat(size / 4)}`],
  ['payment-card', 'one run of digits', (size) => '4242'.repeat(size / 4)],
  ['email', 'one name without an end', (size) => `${'a.'.repeat(size / 2)}@`],
  ['too-deep', 'a document of lists in lists', (size) => '['.repeat(size / 2) + ']'.repeat(size / 2)],
];

export function adversarialTexts(size: number): readonly AdversarialText[] {
  const pieces = [
    ...Object.entries(PIECES),
    ...Object.entries(PREFIXES).map(([rule, prefixes]) => [rule, prefixes.flatMap(nearly)] as const),
    ['(any)', ANY] as const,
  ];
  return [
    ...pieces.flatMap(([rule, all]) =>
      all.map((piece) => ({ rule, title: shownPiece(piece), text: repeated(piece, size) })),
    ),
    ...RUNS.map(([rule, title, make]) => ({ rule, title, text: make(size) })),
  ];
}

/** Alone; a little too short; of the right length but of one character only. */
function nearly(prefix: string): readonly string[] {
  return [prefix, `${prefix}a0b1c2d3e4f5 `, `${prefix}${'a'.repeat(60)} `];
}

function repeated(piece: string, size: number): string {
  return piece.repeat(Math.ceil(size / piece.length));
}

function shownPiece(piece: string): string {
  const text = JSON.stringify(piece.length > 32 ? `${piece.slice(0, 29)}...` : piece).slice(1, -1);
  return `\`${text.replaceAll('`', "'").replaceAll('|', '/')}\``;
}
