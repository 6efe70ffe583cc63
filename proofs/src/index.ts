export { ServerProcess } from './server-process.ts';
export type { Settings } from './server-process.ts';
