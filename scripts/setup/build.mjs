import { run } from './child.mjs';
import { fingerprint, stampMatches, writeStamp } from './fingerprint.mjs';
import { SetupError, say } from './messages.mjs';
import { childEnvironment, node24 } from './node24.mjs';
import { inRepository, repositoryRoot } from './paths.mjs';

const STAMP = inRepository('dist', '.throughline-stamp');

/** Whatever can change what is in dist/. */
const INPUTS = ['src', 'renderer', 'scripts/build', 'package.json', 'package-lock.json', 'tsconfig.base.json'];

/** Builds when the inputs have changed since the last build that succeeded. */
export async function ensureBuilt() {
  if (stampMatches(STAMP, inputsFingerprint())) return;
  await build();
}

/** Builds in any case. Needs the packages (`ensureInstalled`). */
export async function build() {
  const inputs = inputsFingerprint();
  say('building ...');
  const { code } = await run(node24(), [inRepository('scripts', 'build', 'bundle.mjs')], {
    cwd: repositoryRoot,
    env: childEnvironment(),
  });
  if (code !== 0) throw new SetupError('The build failed; mend what is named above and try again.');
  writeStamp(STAMP, inputs);
}

function inputsFingerprint() {
  return fingerprint(repositoryRoot, INPUTS);
}
