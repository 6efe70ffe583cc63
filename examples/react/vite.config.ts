import { defineConfig } from 'vite';

/** Where `npm start` serves. */
const server = process.env['RINGLINE_URL'] ?? 'http://127.0.0.1:8080';

const proxy = {
  '/v1': { target: server, changeOrigin: true, ws: true },
  // Stands for your own backend, which gives out tokens.
  '/dev/token': { target: server, changeOrigin: true, headers: { origin: server } },
};

export default defineConfig({ server: { proxy }, preview: { proxy } });
