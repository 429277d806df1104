import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The page is shipped inside the Python package.  While it is written, `npm run dev` shows it with a running
// `comity serve` behind it (COMITY_API names another address).
export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../comity/web/static',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': process.env.COMITY_API ?? 'http://127.0.0.1:8765' } },
});
