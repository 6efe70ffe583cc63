import { defineConfig } from 'vite';

/** Where `npm start` serves. */
const server = process.env['RINGLINE_URL'] ?? 'http://127.0.0.1:8080';

/** Vite serves the folder `site` as it is, as any web server does, and passes on what is for Ringline. */
export default defineConfig({
  appType: 'mpa',
  build: { outDir: 'site', emptyOutDir: false },
  preview: {
    proxy: {
      '/v1': { target: server, changeOrigin: true, ws: true },
      // Stands for your own backend, which gives out tokens.
      '/dev/token': { target: server, changeOrigin: true, headers: { origin: server } },
    },
  },
});
