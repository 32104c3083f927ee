import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { inRepository } from '../setup/paths.mjs';

const ENTRY = 'index';

/**
 * What `import 'throughline/upstream'` loads: one file for each source, with the packages left outside. Bundled into one
 * file they would be loaded always, and a server would have an OpenTelemetry API beside its own. The types are the
 * entry's alone, which imports none of the others'.
 *
 * @param {string} folder where to write
 */
export function buildUpstreamSdk(folder) {
  const program = ts.createProgram([inRepository('src', 'upstream-sdk', `${ENTRY}.ts`)], compilerOptions());
  const problems = ts.getPreEmitDiagnostics(program);
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, FORMAT));
  program.emit(undefined, (path, text) => {
    const name = basename(path);
    if (name.endsWith('.d.ts') && name !== `${ENTRY}.d.ts`) return;
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  });
}

/** @returns {ts.CompilerOptions} */
function compilerOptions() {
  const configFile = inRepository('src', 'tsconfig.json');
  const read = ts.getParsedCommandLineOfConfigFile(
    configFile,
    {
      target: ts.ScriptTarget.ES2022,
      noEmit: false,
      composite: false,
      incremental: false,
      declaration: true,
      emitDeclarationOnly: false,
      rewriteRelativeImportExtensions: true,
      sourceMap: false,
      outDir: inRepository('dist', 'upstream'),
      rootDir: inRepository('src', 'upstream-sdk'),
    },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => void fail(problem) },
  );
  if (read === undefined) throw new Error(`${configFile} cannot be read.`);
  return read.options;
}

const FORMAT = {
  /** @param {string} name */
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => inRepository(),
  getNewLine: () => '\n',
};

/** @param {ts.Diagnostic} problem */
function fail(problem) {
  throw new Error(ts.formatDiagnostic(problem, FORMAT));
}
