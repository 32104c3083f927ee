import { BASE64, BASE64URL, DOTTED, SLACK, UPPER_ALNUM, isIn, isWordBoundary } from './alphabets.ts';
import type { AnchoredShape } from './shape.ts';
import { isMixed, token } from './token.ts';

const AWS_IDS = ['AKIA', 'ASIA', 'ABIA', 'ACCA'];

const AWS_ID_LENGTH = 20;
const AWS_SECRET_LENGTH = 40;
/** Between an id and the secret that belongs to it: a comma, a label, a line. */
const AWS_DISTANCE = 160;

const awsSecret: AnchoredShape = {
  type: 'anchored',
  id: 'aws-secret-key',
  group: 'shapes',
  title: 'AWS secret keys',
  explanation:
    'Looks for secret access keys of AWS right behind or in front of an access key id; elsewhere their label gives them away.',
  kind: 'secret',
  isOnAtFirst: true,
  anchors: AWS_IDS,
  isPrefix: true,
  minimum: 16,
  find(text, at, anchor, runs) {
    if (runs.end(UPPER_ALNUM, at) !== at + AWS_ID_LENGTH || anchor.length !== 4) return null;
    const behind = secretKeyIn(text, at + AWS_ID_LENGTH, at + AWS_ID_LENGTH + AWS_DISTANCE);
    return behind ?? secretKeyIn(text, Math.max(0, at - AWS_DISTANCE), at);
  },
};

/** A run of exactly forty characters of base64 that has letters of both cases and digits. */
function secretKeyIn(text: string, from: number, to: number): { start: number; end: number } | null {
  const last = Math.min(text.length, to + AWS_SECRET_LENGTH);
  for (let start = from; start < to;) {
    let end = start;
    while (end < last && isSecretKeyCode(text.charCodeAt(end))) end += 1;
    const key = text.slice(start, end);
    if (end - start === AWS_SECRET_LENGTH && isMixed(key) && /[a-z]/.test(key) && /[A-Z]/.test(key))
      return { start, end };
    start = end + 1;
  }
  return null;
}

function isSecretKeyCode(code: number): boolean {
  return isIn(BASE64, code) && code !== 61;
}

const TELEGRAM_SECRET = 35;

const telegram: AnchoredShape = {
  type: 'anchored',
  id: 'telegram-token',
  group: 'shapes',
  title: 'Telegram bot tokens',
  explanation: 'Looks for tokens of Telegram bots: a number, a colon and 35 characters that begin with AA.',
  kind: 'token',
  isOnAtFirst: true,
  anchors: [':AA'],
  isPrefix: false,
  minimum: TELEGRAM_SECRET - 2,
  find(text, at, _anchor, runs) {
    const end = runs.end(BASE64URL, at + 1);
    let start = at;
    while (start > 0 && at - start < 12 && isDigit(text.charCodeAt(start - 1))) start -= 1;
    if (end - at - 1 !== TELEGRAM_SECRET || at - start < 7 || at - start > 11) return null;
    const isInPath = text.slice(start - 3, start).toLowerCase() === 'bot';
    return isInPath || isWordBoundary(text, start) ? { start, end } : null;
  },
};

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A bot's token begins with its number in base64: three characters of which each can be one of a few only. */
const NUMBER_IN_BASE64 = Array.from('MNO').flatMap((first) =>
  Array.from('DTjz').flatMap((second) => Array.from('AEIMQUYcgk', (third) => first + second + third)),
);

const DISCORD = /^[\w-]{23,28}\.[\w-]{5,7}\.[\w-]{27,40}$/;

const discord: AnchoredShape = {
  type: 'anchored',
  id: 'discord-token',
  group: 'shapes',
  title: 'Discord bot tokens',
  explanation: 'Looks for tokens of Discord bots: a number in base64, a time and a signature, joined by dots.',
  kind: 'token',
  isOnAtFirst: true,
  anchors: NUMBER_IN_BASE64,
  isPrefix: true,
  minimum: 54,
  find(text, at, _anchor, runs) {
    const dot = runs.end(BASE64URL, at);
    if (dot - at < 23 || dot - at > 28 || text[dot] !== '.') return null;
    let end = dot;
    while (end - at < 80 && (text[end] === '.' || isIn(BASE64URL, text.charCodeAt(end)))) end += 1;
    if (text[end - 1] === '.') end -= 1;
    return DISCORD.test(text.slice(at, end)) ? { start: at, end } : null;
  },
};

/** Addresses that are secrets: whoever has one may post. Only the part behind the service's name is hidden. */
const webhook: AnchoredShape = {
  type: 'anchored',
  id: 'webhook-url',
  group: 'shapes',
  title: 'Webhook addresses',
  explanation:
    'Looks for addresses to which anybody may post who knows them: incoming webhooks of Slack, Discord and Teams.',
  kind: 'webhook-url',
  isOnAtFirst: true,
  anchors: ['hooks.slack.com', 'discord.com', 'discordapp.com', 'webhook.office.com'],
  isPrefix: true,
  minimum: 20,
  find(text, at, anchor) {
    const start = at + anchor.length;
    const path = /^\/(?:services|workflows|triggers|api\/webhooks|api\/v\d+\/webhooks|webhookb2)\/(?=[\w@-])/.exec(
      text.slice(start, start + 40),
    );
    if (path === null) return null;
    const from = start + path[0].length;
    let end = from;
    while (end < text.length && end - from < 400 && isWebhookCode(text.charCodeAt(end))) end += 1;
    return end - from >= 20 ? { start: from, end } : null;
  },
};

function isWebhookCode(code: number): boolean {
  return isIn(BASE64URL, code) || code === 47 || code === 64;
}

/** Clouds, and where messages go. */
export const CLOUD = [
  token({
    id: 'aws-access-key',
    title: 'AWS access key ids',
    explanation: 'Looks for access key ids of AWS (AKIA, ASIA and 16 characters).',
    kind: 'api-key',
    prefixes: AWS_IDS,
    characters: UPPER_ALNUM,
    min: 16,
    max: 16,
    check: (text) => /[2-7A-Z]{16}$/.test(text),
  }),
  awsSecret,
  token({
    id: 'google-api-key',
    title: 'Google API keys',
    explanation: 'Looks for keys of Google Cloud, Maps, Firebase and Gemini (AIza).',
    kind: 'api-key',
    prefixes: ['AIza'],
    characters: BASE64URL,
    min: 35,
    max: 40,
  }),
  token({
    id: 'google-oauth',
    title: 'Google OAuth tokens',
    explanation: 'Looks for access tokens and client secrets of Google (ya29., GOCSPX-).',
    prefixes: ['ya29.', 'GOCSPX-'],
    characters: DOTTED,
    min: 20,
    max: 2_000,
    check: isMixed,
  }),
  token({
    id: 'slack-token',
    title: 'Slack tokens',
    explanation: 'Looks for tokens of Slack for bots, people and apps (xoxb-, xoxp-, xapp- and their like).',
    prefixes: 'xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxo- xoxc- xoxd- xapp- xwfp-'.split(' '),
    characters: SLACK,
    min: 10,
    max: 400,
    check: (text) => /\d/.test(text),
  }),
  telegram,
  discord,
  webhook,
];
