import { pathToFileURL } from 'node:url';
import { installBeside, type Installed } from '../install.ts';

/** Another program that takes secrets out of texts, with the settings that it comes with. */
export interface OtherRedactor {
  readonly name: string;
  readonly licence: string;
  /** What it is made for, in a few words. */
  readonly purpose: string;
  /** What is left of `text`. `name`: of the attribute that holds it; null for a body or a line. */
  redact(text: string, name: string | null): Promise<string>;
  /** As `redact` writes what it does not change. */
  unchanged(text: string, name: string | null): string;
}

/** Exact, so that figures of different days are about the same programs. */
const VERSIONS = {
  '@secretlint/core': '13.0.7',
  '@secretlint/secretlint-rule-preset-recommend': '13.0.7',
  '@zapier/secret-scrubber': '1.1.6',
  '@openredaction/openredaction': '1.0.4',
  'redact-pii': '3.4.0',
} as const;

/** Installs them beside the project. None when they cannot be had. */
export async function installOtherRedactors(report: (line: string) => void): Promise<readonly OtherRedactor[]> {
  const installed = await installBeside('redaction-peers', VERSIONS, report);
  if (installed === null) return [];
  return [
    await secretlint(installed),
    await secretScrubber(installed),
    await openRedaction(installed),
    await redactPii(installed),
  ];
}

/** Typed by the caller: what is installed on demand has no types here. */
async function load<T>(installed: Installed, file: string): Promise<T> {
  const loaded: unknown = await import(pathToFileURL(installed.path(file)).href);
  return loaded as T;
}

const sameText = (text: string): string => text;

interface SecretlintCore {
  lintSource(input: object): Promise<{ messages: readonly { range: readonly [number, number] }[] }>;
}

/** A linter for repositories: it tells where, and what it points at is replaced here. */
async function secretlint(installed: Installed): Promise<OtherRedactor> {
  const { lintSource } = await load<SecretlintCore>(installed, '@secretlint/core/module/index.js');
  const preset = '@secretlint/secretlint-rule-preset-recommend';
  const { creator } = await load<{ creator: unknown }>(installed, `${preset}/module/index.js`);
  return {
    name: `secretlint ${VERSIONS['@secretlint/core']}, recommended rules`,
    licence: 'MIT',
    purpose: 'finds secrets by shape, in repositories',
    unchanged: sameText,
    async redact(text) {
      const { messages } = await lintSource({
        source: { filePath: '/body.txt', content: text, contentType: 'text', ext: '.txt' },
        options: { config: { rules: [{ id: preset, rule: creator }] } },
      });
      const ranges = messages.map(({ range }) => range).toSorted((a, b) => b[0] - a[0]);
      return ranges.reduce((left, [start, end]) => `${left.slice(0, start)}***${left.slice(end)}`, text);
    },
  };
}

interface SecretScrubber {
  readonly default: {
    scrub(value: unknown, secrets: readonly string[]): unknown;
    findSensitiveValues(value: unknown): readonly string[];
  };
}

/** Takes objects: a body that is JSON as its document, an attribute with its name, other texts as they are. */
async function secretScrubber(installed: Installed): Promise<OtherRedactor> {
  const scrubber = await load<SecretScrubber>(installed, '@zapier/secret-scrubber/lib/index.js');
  const { scrub, findSensitiveValues } = scrubber.default;
  const valueOf = (text: string, name: string | null): unknown => (name === null ? documentOf(text) : { [name]: text });
  return {
    name: `@zapier/secret-scrubber ${VERSIONS['@zapier/secret-scrubber']}`,
    licence: 'ISC',
    purpose: 'finds secrets by key and in addresses, in objects that are logged',
    unchanged: (text, name) => JSON.stringify(valueOf(text, name)),
    redact(text, name) {
      const value = valueOf(text, name);
      const secrets = findSensitiveValues(value);
      // It refuses to look for nothing.
      return Promise.resolve(JSON.stringify(secrets.length === 0 ? value : scrub(value, secrets)));
    },
  };
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON: a text in an object, as it would be logged.
    return { text };
  }
}

interface OpenRedactionModule {
  readonly OpenRedaction: new () => { detect(text: string): Promise<{ redacted: string }> };
}

async function openRedaction(installed: Installed): Promise<OtherRedactor> {
  const { OpenRedaction } = await load<OpenRedactionModule>(installed, '@openredaction/openredaction/dist/index.mjs');
  const detector = new OpenRedaction();
  return {
    name: `@openredaction/openredaction ${VERSIONS['@openredaction/openredaction']}`,
    licence: 'MIT',
    purpose: 'finds personal data and keys by shape, in texts',
    unchanged: sameText,
    redact: async (text) => (await detector.detect(text)).redacted,
  };
}

interface RedactPiiModule {
  readonly default: { readonly SyncRedactor: new () => { redact(text: string): string } };
}

async function redactPii(installed: Installed): Promise<OtherRedactor> {
  const { SyncRedactor } = (await load<RedactPiiModule>(installed, 'redact-pii/lib/index.js')).default;
  const redactor = new SyncRedactor();
  return {
    name: `redact-pii ${VERSIONS['redact-pii']}`,
    licence: 'MIT',
    purpose: 'finds personal data and credentials, in texts that people wrote',
    unchanged: sameText,
    redact: (text) => Promise.resolve(redactor.redact(text)),
  };
}
