import { canUseApt, installDebianPackage } from './apt.mjs';
import { SetupError } from './messages.mjs';
import { findOnPath, namedProgram } from './programs.mjs';

const PROTOC_NAMES = ['protoc'];

/**
 * The protobuf compiler, by which the tests read our exports: the one THROUGHLINE_PROTOC names, one on PATH, else Debian's
 * own package when this is root on a Debian.
 * @returns {Promise<string>} path of the program
 */
export async function ensureProtoc() {
  const found = findProtoc();
  if (found !== null) return found;
  if (canUseApt()) {
    await installDebianPackage({
      name: 'protobuf-compiler',
      progress: 'installing the protobuf compiler for the tests of exports (apt-get), a few seconds ...',
      advice:
        'The protobuf compiler could not be installed (apt-get said why above); install it by hand or set THROUGHLINE_PROTOC to the path of protoc, and try again.',
    });
    const installed = findProtoc();
    if (installed !== null) return installed;
  }
  throw new SetupError(
    'The tests of exports need protoc, the protobuf compiler: install it (on Debian or Ubuntu "sudo apt-get install protobuf-compiler", on macOS "brew install protobuf"), or set THROUGHLINE_PROTOC to the path of protoc, and try again.',
  );
}

/** @returns {string | null} */
export function findProtoc() {
  return namedProgram('THROUGHLINE_PROTOC', 'protoc') ?? findOnPath(PROTOC_NAMES);
}
