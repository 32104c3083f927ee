import { createHash } from 'node:crypto';
import fc from 'fast-check';

/** A secret in one place of one call, and the harmless word that stands beside it. */
export interface Plant {
  readonly position: string;
  readonly secret: string;
  readonly marker: string;
  readonly kind: Kind;
  readonly encoding: Encoding;
  /** How often the JSON around it is written as a string in JSON. */
  readonly depth: number;
}

/** Why a rule finds it: by its own form, by the name it stands under, or because a server was given it. */
export type Kind = 'shaped' | 'named' | 'known';

/** Only what is known is found in other forms than its own. */
export type Encoding = 'plain' | 'percent' | 'base64' | 'base64-within';

export interface PlantRules {
  readonly position: string;
  readonly kinds: readonly Kind[];
  /** Of those that a server was given: each is used once. */
  readonly known: () => string;
}

/**
 * Letters and digits, both of them, that nobody has seen before and that depend on `seed` only. Rules that look for a form
 * ask for both: the one key in seventy that happens to have no digit in it is taken for a word.
 */
export function word(seed: string, length: number): string {
  let letters = '';
  for (let block = 0; letters.length < length; block += 1)
    letters += createHash('sha256')
      .update(`${seed} ${block}`)
      .digest('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '');
  return `${letters.slice(0, length - 2)}a7`;
}

/** Forms of secrets that anybody would know. */
const SHAPES: readonly ((seed: string) => string)[] = [
  (seed) => `ghp_${word(seed, 36)}`,
  (seed) => `github_pat_${word(`${seed}a`, 22)}_${word(`${seed}b`, 59)}`,
  (seed) => `sk-ant-api03-${word(seed, 93)}AA`,
  (seed) => `glpat-${word(seed, 20)}`,
  (seed) =>
    `AKIA${word(seed, 60)
      .toUpperCase()
      .replaceAll(/[^A-Z2-7]/g, '')
      .slice(0, 14)}Q7`,
  (seed) => `xoxb-${digits(`${seed}a`, 12)}-${digits(`${seed}b`, 12)}-${word(seed, 24)}`,
  (seed) => `sk_live_${word(seed, 24)}`,
  (seed) =>
    ['{"alg":"HS256","typ":"JWT"}', `{"sub":"${word(seed, 12)}"}`].map(base64Url).concat(word(seed, 43)).join('.'),
];

function digits(seed: string, length: number): string {
  return BigInt(`0x${createHash('sha256').update(seed).digest('hex')}`)
    .toString()
    .slice(0, length);
}

function base64Url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

export function plantAt({ position, kinds, known }: PlantRules): fc.Arbitrary<Plant> {
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      shape: fc.nat(SHAPES.length - 1),
      encoding: fc.constantFrom<Encoding>('plain', 'percent', 'base64', 'base64-within'),
      depth: fc.nat(2),
      seed: fc.nat().map((seed) => `${position} ${seed}`),
    })
    .map(({ kind, shape, encoding, depth, seed }) => {
      const secret = { shaped: SHAPES[shape]?.(seed) ?? '', named: `open-${word(seed, 14)}`, known: '' }[kind];
      const plant = { position, marker: `mk${word(`marker ${seed}`, 16)}`, kind, depth };
      if (kind === 'known') return { ...plant, secret: known(), encoding };
      return { ...plant, secret, encoding: 'plain' as const };
    });
}

function written({ secret, encoding }: Plant): string {
  switch (encoding) {
    case 'plain':
      return secret;
    case 'percent':
      return encodeURIComponent(secret);
    case 'base64':
      return Buffer.from(secret).toString('base64');
    case 'base64-within':
      return Buffer.from(`ab:${secret}:c`).toString('base64');
  }
}

/** As somebody would write it into a line of text. */
export function inText(plant: Plant): string {
  const { marker, kind } = plant;
  return kind === 'named' ? `${marker} password=${plant.secret}` : `${marker} has ${written(plant)} here`;
}

/** As a program would put it into an object, written as text once or twice or not at all. */
export function inJson(plant: Plant): unknown {
  const { marker, kind, depth } = plant;
  const name = kind === 'named' ? 'apiKey' : 'note';
  let value: unknown = { also: marker, list: [{ [name]: written(plant) }] };
  for (let level = 0; level < depth; level += 1) value = JSON.stringify(value);
  return value;
}

/** As a part of an address. */
export function inAddress(plant: Plant, base: string): string {
  const { marker, kind } = plant;
  const name = kind === 'named' ? 'access_token' : 'page';
  return `${base}&marker=${marker}&${name}=${encodeURIComponent(written(plant))}`;
}

/** Every text by which the secret could be got back. */
export function telltales({ secret }: Plant): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const core = (offset: number): string => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    return bytes.toString('base64').slice(4, 4 * Math.floor(bytes.length / 3));
  };
  const cores = [0, 1, 2].map(core);
  const urlSafe = cores.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([secret, encoded, JSON.stringify(secret).slice(1, -1), ...cores, ...urlSafe])];
}
