import { ensureBuilt } from './setup/build.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runScript, say } from './setup/messages.mjs';
import { appFolder, stateFolder, windowProfileFolder } from './start/app-folders.mjs';
import { runDesktop } from './start/desktop-host.mjs';
import { thisMachine, whyNoWindow } from './start/display.mjs';
import { runHeadless } from './start/headless-host.mjs';
import { chosenPort } from './start/port.mjs';
import { present, printReady } from './start/present.mjs';
import { findRunningApp, isForDesktop, pageAddress } from './start/running-app.mjs';

await runScript(async () => {
  const port = chosenPort(process.argv.slice(2), process.env);
  await ensureInstalled();
  // The download waits for the network and the build for the processor.
  const [electron] = await Promise.all([ensureElectron(), ensureBuilt()]);
  const folder = appFolder();

  const reason = electron === null ? null : whyNoWindow(thisMachine());
  const running = await findRunningApp(folder, stateFolder());
  if (running !== null && !isForDesktop(running, electron !== null && reason === null)) return showRunning(running);
  if (electron !== null) {
    const code = reason === null ? await runDesktop(electron, port) : null;
    if (code !== null) return code;
    say(`Electron cannot run here (${reason ?? 'it said why above'}), so the same app opens in a browser.`);
    // One that was to make way for the desktop app is still there.
    const left = await findRunningApp(folder, stateFolder());
    if (left !== null) return showRunning(left);
  }
  return runHeadless(folder, port);

  /** @param {import('./start/running-app.mjs').RunningApp} app */
  async function showRunning(app) {
    printReady({ state: 'Throughline is already running.', mcp: `${app.url}/mcp`, tokenFile: `${folder}/token` });
    await present(await pageAddress(app), windowProfileFolder());
    return 0;
  }
});
