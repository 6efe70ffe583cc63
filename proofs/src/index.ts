export { ServerCluster } from './server-cluster.ts';
export type { ClusterOptions } from './server-cluster.ts';
export { ServerProcess } from './server-process.ts';
export type { Settings } from './server-process.ts';
export { startServer } from './server.ts';
export type { Server } from './server.ts';
