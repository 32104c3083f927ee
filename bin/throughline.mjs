#!/usr/bin/env node
// Parsed by whatever Node the user has, so nothing here is newer than Node 18.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = [22, 13];
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

if (!existsSync(main)) fail('Run "npm run build" first.');
else if (isNewEnough(process.versions.node)) {
  keepCompiledCode();
  await import(pathToFileURL(main).href);
} else {
  const node = bundledNode();
  if (node === null) fail(`Throughline needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}.`);
  else runWith(node);
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/**
 * Starts after the first take a fifth less. In a folder of the user's own, as it holds what will be run: Node's default is a
 * name in the folder for temporary files that anybody could take first.
 */
function keepCompiledCode() {
  const xdg = process.env.XDG_CACHE_HOME;
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  const folder = join(base, 'throughline', 'code');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    nodeModule.enableCompileCache?.(folder);
  } catch {
    // What cannot be kept is compiled anew.
  }
}

/** The Node that the npm package "node" installs, or null. */
function bundledNode() {
  try {
    const packageFile = createRequire(import.meta.url).resolve('node/package.json');
    const file = join(dirname(packageFile), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(file) ? file : null;
  } catch {
    // Not installed.
    return null;
  }
}

/** Stands in for the child: signals go to it, its end is ours, and the closed channel tells it when we are killed. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.once('error', () => fail(`The Node at ${node} could not be started: run "npm ci" again.`));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

function fail(sentence) {
  process.stderr.write(`throughline: ${sentence}\n`);
  process.exitCode = 1;
}
