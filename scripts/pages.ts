import { buildStalePages } from './src/pages.ts';

await buildStalePages();
