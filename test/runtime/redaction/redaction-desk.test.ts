import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import { DEFAULT_REDACTION } from '../../../src/runtime/config/config.ts';
import { openRedactionDesk, type RunningRedactionDesk } from '../../../src/runtime/redaction/redaction-desk.ts';
import { createMemoryVault } from '../../../src/runtime/secrets/memory-vault.ts';
import { createRunShelf } from '../../../src/runtime/server-shelf.ts';
import {
  DEFAULT_POLICY,
  KEPT_VALUE,
  type RedactionPolicy,
  type UserRule,
} from '../../../src/shared/domain/redaction.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';
import type { TraceStore } from '../../../src/store/port.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { makePayload, makeSpan, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

const IBAN: UserRule = { id: 'iban-names', match: { type: 'key', name: 'iban' }, action: 'mask' };
const WORD: UserRule = { id: 'word', match: { type: 'value', value: 'plum-kettle' }, action: 'mask' };

function policy(...rules: UserRule[]): RedactionPolicy {
  return { rules, builtIn: {} };
}

interface Opened {
  readonly desk: RunningRedactionDesk;
  readonly store: TraceStore;
  readonly redactor: ReturnType<typeof createRedactor>;
  readonly vault: ReturnType<typeof createMemoryVault>;
  readonly reports: string[];
}

async function openDesk(parts: { store?: TraceStore; configured?: RedactionPolicy } = {}): Promise<Opened> {
  const store = parts.store ?? (await openStore());
  const redactor = createRedactor({ hashKey: new Uint8Array(32) });
  const configured = parts.configured ?? DEFAULT_POLICY;
  redactor.apply(configured);
  const vault = createMemoryVault();
  const reports: string[] = [];
  const desk = await openRedactionDesk({
    control: redactor,
    store,
    shelf: createRunShelf(vault),
    configured: parts.configured === undefined ? DEFAULT_REDACTION : { written: configured, resolved: configured },
    sources: { environment: { WORD: 'from-environment' }, secrets: vault },
    report: (doing, thrown) => reports.push(`${doing}: ${String(thrown)}`),
  });
  onTestFinished(() => desk.stop());
  return { desk, store, redactor, vault, reports };
}

function now(desk: RunningRedactionDesk) {
  return desk.watch(null, 0);
}

async function rescrubbed(desk: RunningRedactionDesk) {
  desk.rescrub();
  return eventually('everything was gone through', async () => {
    const { rescrub } = await now(desk);
    return !rescrub.isRunning && rescrub;
  });
}

/** A body that only IBAN would hide. */
const BODY = makePayload({ text: '{"iban":"DE02120300000000202051"}' });

describe('saving rules', () => {
  it('R28: puts them in force at once and tells pages', async () => {
    const { desk, redactor } = await openDesk();
    const before = await now(desk);
    const news = desk.watch(before.cursor, 20_000);
    await desk.save(policy(IBAN));
    const { policy: saved, rules } = await news;
    expect(saved).toEqual(policy(IBAN));
    expect(rules.find(({ id }) => id === 'iban-names')).toMatchObject({ isOn: true, match: IBAN.match, hits: 0 });
    expect(redactor.payload(BODY).text).toBe('{"iban":"•••"}');
    expect((await now(desk)).rules.find(({ id }) => id === 'iban-names')?.hits).toBe(1);
  });

  it('refuses a rule that cannot be used, and changes nothing', async () => {
    const { desk, redactor } = await openDesk();
    await desk.save(policy(IBAN));
    const broken: UserRule = { id: 'broken', match: { type: 'pattern', pattern: '(' }, action: 'mask' };
    await expect(desk.save(policy(broken))).rejects.toThrow(UserError);
    await expect(desk.save(policy(broken))).rejects.toThrow('broken');
    expect((await now(desk)).policy).toEqual(policy(IBAN));
    expect(redactor.payload(BODY).text).toBe('{"iban":"•••"}');
  });

  it('keeps what was in force when the rules cannot be written down', async () => {
    const { desk, redactor, vault } = await openDesk();
    vault.change = () => Promise.reject(new UserError('The disk is full.'));
    await expect(desk.save(policy(IBAN))).rejects.toThrow('The disk is full.');
    expect((await now(desk)).policy).toEqual(DEFAULT_POLICY);
    expect(redactor.payload(BODY).text).toBe(BODY.text);
  });

  it('R25: never tells a page the text that a rule hides, and keeps it when the page saves what it was told', async () => {
    const { desk, redactor, vault } = await openDesk();
    await desk.save(policy(WORD));
    const { policy: shown, rules } = await now(desk);
    expect(JSON.stringify([shown, rules])).not.toContain('plum-kettle');
    expect(shown.rules).toEqual([{ ...WORD, match: { type: 'value', value: KEPT_VALUE } }]);

    await desk.save({ ...shown, rules: [...shown.rules, IBAN] });
    expect(redactor.text('a plum-kettle')).toBe('a •••');
    expect(desk.test('a plum-kettle', shown).text).toBe('a •••');
    await desk.save(policy(IBAN));
    expect(vault.keys()).toEqual([]);
    await expect(desk.save(shown)).rejects.toThrow('Write the text that rule "word" hides.');
  });

  it('follows the name of an environment variable in place of the text', async () => {
    const { desk, redactor } = await openDesk();
    const named: UserRule = { ...WORD, match: { type: 'value', value: '${WORD}' } };
    await desk.save(policy(named));
    expect(redactor.text('is from-environment now')).toBe('is ••• now');
    const missing: UserRule = { ...WORD, match: { type: 'value', value: '${NOT_THERE}' } };
    await expect(desk.save(policy(missing))).rejects.toThrow('The environment variable NOT_THERE is not set');
  });
});

describe('redacting again what is stored', () => {
  it('R28: is advised when rules became stricter, and hides what they hide in stored data', async () => {
    const { desk, store } = await openDesk();
    store.put({ spans: [makeSpan({ attributes: { iban: 'DE02120300000000202051' } })], payloads: [BODY] });
    await store.flush();
    expect((await now(desk)).rescrub).toMatchObject({ isAdvised: false, newlyHidden: null });
    await desk.save(policy(IBAN));
    expect((await now(desk)).rescrub.isAdvised).toBe(true);

    expect(await rescrubbed(desk)).toEqual({ isRunning: false, isAdvised: false, done: 1, total: 1, newlyHidden: 2 });
    expect((await store.payloads(traceIdOf(1)))[0]).toMatchObject({ text: '{"iban":"•••"}' });
    expect((await store.trace(traceIdOf(1)))?.spans[0]?.attributes).toEqual({ iban: '•••' });
    expect((await rescrubbed(desk)).newlyHidden).toBe(0);
  });

  it('R28: shows nothing again when rules are loosened, and is not advised then', async () => {
    const { desk, store } = await openDesk();
    await desk.save(policy(IBAN));
    store.put({ spans: [makeSpan()], payloads: [BODY] });
    await rescrubbed(desk);
    await desk.save(DEFAULT_POLICY);
    expect((await now(desk)).rescrub.isAdvised).toBe(false);
    expect(await rescrubbed(desk)).toMatchObject({ newlyHidden: 0 });
    const [body] = await store.payloads(traceIdOf(1));
    expect(body).toMatchObject({ text: '{"iban":"•••"}' });
    expect(body?.findings).toHaveLength(1);
  });

  it('is refused a second time while it is under way', async () => {
    const { desk, store } = await openDesk();
    for (let trace = 1; trace < 200; trace += 1)
      store.put({ spans: [makeSpan({ traceId: traceIdOf(trace) })], payloads: [] });
    desk.rescrub();
    expect(() => {
      desk.rescrub();
    }).toThrow('are being redacted again already');
    await desk.stop();
    expect((await now(desk)).rescrub.isRunning).toBe(false);
  });

  it('is still advised after a restart, until it was done; not for the rules that everything was stored under', async () => {
    const { store, desk } = await openDesk();
    store.put({ spans: [makeSpan()], payloads: [BODY] });
    await store.flush();
    expect((await now(desk)).rescrub.isAdvised).toBe(false);
    expect((await now((await openDesk({ store })).desk)).rescrub.isAdvised).toBe(false);
    const { desk: stricter } = await openDesk({ store, configured: policy(IBAN) });
    expect((await now(stricter)).rescrub.isAdvised).toBe(true);
    await rescrubbed(stricter);
    expect((await now((await openDesk({ store, configured: policy(IBAN) })).desk)).rescrub.isAdvised).toBe(false);
  });

  it('is advised when what is stored is joined with a history that was recorded under other rules', async () => {
    const folder = temporaryFolder();
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    for (const [name, configured, isAdvised] of [
      ['same.db', policy(), false],
      ['other.db', policy(IBAN), true],
    ] as const) {
      const file = join(folder, name);
      const earlier = await openStore({ file });
      await openDesk({ store: earlier, configured });
      earlier.put({ spans: [makeSpan()], payloads: [] });
      await earlier.close();

      const { desk, store } = await openDesk();
      store.put({ spans: [makeSpan({ traceId: traceIdOf(2) })], payloads: [] });
      await store.moveTo(file);
      await desk.joined();
      expect((await now(desk)).rescrub.isAdvised).toBe(isAdvised);
    }
  });

  it('is not advised when there is nothing', async () => {
    const { desk, store } = await openDesk();
    await desk.save(policy(WORD));
    expect((await now(desk)).rescrub.isAdvised).toBe(false);
    store.put({ spans: [makeSpan()], payloads: [] });
    await desk.save(policy(IBAN));
    expect((await now(desk)).rescrub.isAdvised).toBe(true);
    await store.clear();
    await desk.cleared();
    expect((await now(desk)).rescrub.isAdvised).toBe(false);
  });

  it('reports a failure instead of ending with one', async () => {
    const store = await openStore();
    const { desk, reports } = await openDesk({
      store: new Proxy(store, {
        get: (target, key) =>
          key === 'revise'
            ? () => Promise.reject(new Error('no disk'))
            : (...rest: unknown[]) => (target[key as 'note'] as (...all: unknown[]) => unknown).apply(target, rest),
      }),
    });
    expect(await rescrubbed(desk)).toMatchObject({ isRunning: false, newlyHidden: null });
    expect(reports).toEqual(['Redacting stored traces again: Error: no disk']);
  });
});

describe('looking at what was hidden', () => {
  it('leads from a hash to the spans and bodies that had the secret', async () => {
    const { desk, store, redactor } = await openDesk();
    const body = redactor.payload(makePayload({ text: '{"password":"correct horse"}' }));
    const span = redactor.span(makeSpan({ attributes: { password: 'correct horse' } }));
    store.put({ spans: [span], payloads: [body] });
    await store.flush();
    const hash = body.findings[0]?.hash ?? '';
    expect(await desk.trail(hash)).toMatchObject([
      { direction: 'request' },
      { direction: null, spanName: 'POST /mcp' },
    ]);
  });

  it('R101: reveals while it is on and nothing of before, and forgets when it is turned off', async () => {
    const { desk, redactor } = await openDesk();
    const hashOf = (secret: string): string =>
      redactor.payload(makePayload({ text: JSON.stringify({ password: secret }) })).findings[0]?.hash ?? '';
    const told: boolean[] = [];
    desk.onReveal((isOn) => told.push(isOn));
    const before = hashOf('of before');
    desk.reveal(true);
    const during = hashOf('of now');
    expect([desk.revealed(before), desk.revealed(during)]).toEqual([null, 'of now']);
    expect((await now(desk)).revealingSince).toBeTypeOf('number');
    desk.reveal(false);
    expect(desk.revealed(during)).toBeNull();
    expect(hashOf('of now')).toBe(during);
    expect(desk.revealed(during)).toBeNull();
    expect((await now(desk)).revealingSince).toBeNull();
    desk.reveal(true);
    await desk.stop();
    expect(told).toEqual([true, false, true, false]);
  });

  it('lists what looks like a secret, of one span or of all', async () => {
    const { desk, store } = await openDesk();
    const random = 'q7Zr2LxV9tKm4WnB8sHd1GfJ5pYc3EaU';
    store.put({ spans: [makeSpan()], payloads: [makePayload({ text: JSON.stringify({ note: random }) })] });
    await store.flush();
    const all = await desk.hints(traceIdOf(1), null);
    expect(all).toMatchObject([{ direction: 'request', hint: { path: '/note', reason: 'entropy' } }]);
    expect(await desk.hints(traceIdOf(1), makeSpan().spanId)).toEqual(all);
    expect(await desk.hints(traceIdOf(9), null)).toEqual([]);
  });

  it('tries rules out without counting or keeping anything', async () => {
    const { desk } = await openDesk();
    expect(desk.test('{"iban":"x1234567"}', null).text).toBe('{"iban":"x1234567"}');
    expect(desk.test('{"iban":"x1234567"}', policy(IBAN)).text).toBe('{"iban":"•••"}');
    expect(desk.explain('password', 'correct horse').isHidden).toBe(true);
    expect((await now(desk)).rules.every(({ hits }) => hits === 0)).toBe(true);
  });
});
