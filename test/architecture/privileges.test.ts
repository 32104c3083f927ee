import { describe, expect, it } from 'vitest';
import { externalOpeners, openListeners, privileges, usesWithoutPrivilege, workAtImport } from './privileges.ts';
import { parseSource, readSources } from './sources.ts';

const sources = readSources(['src', 'renderer']);

function usesIn(path: string, what: string, text: string): string[] {
  const privilege = privileges.find((candidate) => candidate.what === what);
  if (privilege === undefined) throw new Error(`No privilege is called "${what}".`);
  return usesWithoutPrivilege([parseSource(path, text)], privilege);
}

describe('what only some folders may do', () => {
  it('is looked for in the sources', () => {
    expect(sources.length).toBeGreaterThan(10);
  });

  it.each(privileges.map((privilege) => [privilege.what, privilege] as const))('%s', (_what, privilege) => {
    expect(usesWithoutPrivilege(sources, privilege)).toEqual([]);
  });

  it('S9: shell.openExternal has exactly one call site', () => {
    expect(externalOpeners(sources)).toHaveLength(1);
  });

  it('S1, R100: everything that listens binds the loopback address', () => {
    expect(openListeners(sources)).toEqual([]);
  });

  it('does no work when a module is loaded', () => {
    expect(workAtImport(sources)).toEqual([]);
  });
});

describe('the checks of privileges can fail', () => {
  it.each([
    ['reading the command line', 'src/runtime/x.ts', 'const a = process.argv.slice(2);'],
    ['reading the command line', 'src/desktop/x.ts', 'const { argv } = process;'],
    ['saying that a value was redacted', 'src/store/x.ts', 'const a = row as RedactedSpan;'],
    ['saying that a value was redacted', 'src/store/x.ts', 'const a = rows as readonly RedactedSpan[];'],
    ['saying that a value was redacted', 'renderer/x.ts', 'const isSafe = (a: unknown): a is RedactedPayload => true;'],
    ['saying that a value was redacted', 'src/redaction/x.ts', 'const a = text as RedactedText;'],
    ['saying that a value was redacted', 'src/runtime/x.ts', 'const a = <RedactedText>text;'],
    ['having it said of a value that it was redacted', 'src/runtime/x.ts', 'const a = mintRedactedText(text);'],
    ['starting a process', 'src/runtime/x.ts', "spawn('ls', []);"],
    ['making a server', 'src/gateway/x.ts', 'const server = createServer(handler);'],
    ['running a command through a shell', 'src/cli/x.ts', 'spawn(command, args, { shell: true });'],
    ['running a command through a shell', 'src/cli/x.ts', 'spawn(command, args, { shell: isWindows });'],
    ['running a command through a shell', 'src/cli/x.ts', 'const shell = true; spawn(command, args, { shell });'],
    ['running a command through a shell', 'src/cli/x.ts', 'exec("open " + url);'],
    ['running text as code', 'src/runtime/x.ts', "eval('1');"],
    ['running text as code', 'src/runtime/x.ts', "new Function('return 1')();"],
    ['making HTML of text', 'renderer/x.tsx', 'const a = <p dangerouslySetInnerHTML={{ __html: name }} />;'],
    ['making HTML of text', 'renderer/x.tsx', 'element.innerHTML = name;'],
    ['building the tracer', 'src/gateway/x.ts', 'const provider = new BasicTracerProvider();'],
    ['starting a thread', 'src/otlp/x.ts', 'const worker = new Worker(url);'],
  ])('%s in %s', (what, path, text) => {
    expect(usesIn(path, what, text).length).toBeGreaterThan(0);
  });

  it.each([
    ['reading the command line', 'src/cli/x.ts', 'const a = process.argv.slice(2);'],
    ['saying that a value was redacted', 'src/redaction/mint.ts', 'const a = span as RedactedSpan;'],
    ['saying that a value was redacted', 'src/store/x.ts', 'const a: readonly RedactedSpan[] = batch.spans;'],
    ['running a command through a shell', 'src/cli/x.ts', 'spawn(command, args, { shell: false }); /a/.exec(text);'],
    [
      'running a command through a shell',
      'src/desktop/x.ts',
      'createLinkOpener({ shell }); open({ shell: app.shell });',
    ],
  ])('but not when it is allowed: %s in %s', (what, path, text) => {
    expect(usesIn(path, what, text)).toEqual([]);
  });

  it('on a second way out to the operating system', () => {
    const source = parseSource('src/desktop/x.ts', 'shell.openExternal(a); const open = shell.openExternal;');
    expect(externalOpeners([source])).toHaveLength(2);
  });

  it.each([
    ['no address', 'server.listen(port);', 1],
    ['every address', "server.listen(port, '0.0.0.0');", 1],
    ['a variable', 'server.listen(port, host);', 1],
    ['an option', "server.listen({ port, host: '::' });", 1],
    ['a constant of another value', "const HOST = '0.0.0.0'; server.listen(port, HOST);", 1],
    ['loopback', "server.listen(port, '127.0.0.1');", 0],
    ['loopback as an option', "server.listen({ port, host: '127.0.0.1' });", 0],
    ['a constant', "const HOST = '127.0.0.1'; server.listen(port, HOST);", 0],
  ])('on listening to %s', (_what, text, problems) => {
    const importing = `import { createServer } from 'node:http';\n${text}`;
    expect(openListeners([parseSource('src/runtime/x.ts', importing)])).toHaveLength(problems);
  });

  it('but not on a method of the same name where there is no server', () => {
    const text = "import type { ServerResponse } from 'node:http'; session.listen(stream);";
    expect(openListeners([parseSource('src/gateway/x.ts', text.replace('ServerResponse', 'IncomingMessage'))])).toEqual(
      [],
    );
    expect(openListeners([parseSource('src/gateway/x.ts', text.replace('ServerResponse', 'Server'))])).toHaveLength(1);
  });

  it('on a module that acts when it is loaded', () => {
    expect(workAtImport([parseSource('src/runtime/x.ts', "import './a.ts';\nstart();")])).toHaveLength(1);
    expect(workAtImport([parseSource('src/runtime/x.ts', 'if (dev) start();')])).toHaveLength(1);
    expect(workAtImport([parseSource('src/cli/main.ts', 'start();')])).toEqual([]);
  });
});
