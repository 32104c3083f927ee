import { spawn } from 'node:child_process';

export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Null where there are no user ids. */
  readonly userId: number | null;
}

export interface BrowserCommand {
  readonly command: string;
  readonly args: readonly string[];
}

const ROOT = 0;

export function thisDesktop(): Desktop {
  return { platform: process.platform, environment: process.env, userId: process.getuid?.() ?? null };
}

/**
 * What could show the page, best first: a window of its own, else the default browser. Empty where nobody would see it
 * (no display) or where browsers refuse to run (as root), and for anything but an http address of this machine (S8).
 */
export function browserCommands(address: string, desktop: Desktop): readonly BrowserCommand[] {
  const url = URL.parse(address);
  if (url?.protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return [];
  const { platform, environment, userId } = desktop;
  if (platform === 'darwin') return [{ command: 'open', args: [url.href] }];
  if (platform === 'win32') return [{ command: 'rundll32', args: ['url.dll,FileProtocolHandler', url.href] }];
  const hasDisplay = [environment['DISPLAY'], environment['WAYLAND_DISPLAY']].some(
    (name) => name !== undefined && name !== '',
  );
  if (!hasDisplay || userId === ROOT) return [];
  const windows = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return [
    ...windows.map((command) => ({ command, args: [`--app=${url.href}`] })),
    { command: 'xdg-open', args: [url.href] },
  ];
}

/** Starts the first of the commands that exists, without a shell, and lets it live on. False when none does. */
export async function startFirst(commands: readonly BrowserCommand[]): Promise<boolean> {
  for (const { command, args } of commands) if (await starts(command, args)) return true;
  return false;
}

function starts(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { detached: true, stdio: 'ignore' });
    child.once('error', () => {
      resolve(false);
    });
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
