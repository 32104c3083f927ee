import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The window with a made-up host: `vite --config test/e2e/ui-preview/vite.config.ts`, then `/?scene=busy` (or another
 * of scenes.ts).
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), tailwind()],
  build: { outDir: '../../../.cache/ui-preview', emptyOutDir: true, chunkSizeWarningLimit: 2_000 },
});
