import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const CONFIG_FILE = fileURLToPath(new URL('./vite.config.ts', import.meta.url));

export interface PreviewServer {
  /** Address of the window in one of the states of scenes.ts. */
  scene(name: string): string;
  close(): Promise<void>;
}

/** Builds the window with its made-up host and serves it. */
export async function startPreview(): Promise<PreviewServer> {
  await build({ configFile: CONFIG_FILE, logLevel: 'error' });
  const server = await preview({ configFile: CONFIG_FILE, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
  const [address = ''] = server.resolvedUrls?.local ?? [];
  return {
    scene: (name) => `${address}?scene=${name}`,
    close: () => server.close(),
  };
}
