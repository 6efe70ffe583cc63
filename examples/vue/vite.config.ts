import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Where `npm start` serves. */
const server = process.env['RINGLINE_URL'] ?? 'http://127.0.0.1:8080';

const proxy = {
  '/v1': { target: server, changeOrigin: true, ws: true },
  // Stands for your own backend, which gives out tokens.
  '/dev/token': { target: server, changeOrigin: true, headers: { origin: server } },
};

export default defineConfig({
  plugins: [
    vue({
      template: {
        // Vue looks for no component of these names, and sets what is bound as properties.
        compilerOptions: { isCustomElement: (tag) => tag.startsWith('ringline-') },
      },
    }),
  ],
  server: { proxy },
  preview: { proxy },
});
