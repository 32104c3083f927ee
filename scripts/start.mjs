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
import { findRunningApp, pageAddress } from './start/running-app.mjs';

await runScript(async () => {
  const port = chosenPort(process.argv.slice(2), process.env);
  await ensureInstalled();
  // The download waits for the network and the build for the processor.
  const [electron] = await Promise.all([ensureElectron(), ensureBuilt()]);
  const folder = appFolder();

  // A desktop app that runs has no operator secret: started again, it shows its own window.
  const running = await findRunningApp(folder, stateFolder());
  if (running !== null && (running.operatorSecret !== null || electron === null)) {
    printReady({ state: 'Throughline is already running.', mcp: `${running.url}/mcp`, tokenFile: `${folder}/token` });
    await present(await pageAddress(running), windowProfileFolder());
    return 0;
  }
  if (electron !== null) {
    const reason = whyNoWindow(thisMachine());
    const code = reason === null ? await runDesktop(electron, port) : null;
    if (code !== null) return code;
    say(`Electron cannot run here (${reason ?? 'it said why above'}), so the same app opens in a browser.`);
  }
  return runHeadless(folder, port);
});
