/**
 * How to run npm again from inside an npm script: through the file npm names for this, with the running Node, so that
 * no shell and no `.cmd` file is needed; plain `npm` when the script was started without npm.
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand() {
  const npmScript = process.env.npm_execpath;
  if (npmScript !== undefined && /\.c?js$/.test(npmScript)) return { command: process.execPath, args: [npmScript] };
  return { command: 'npm', args: [] };
}
