import { createServer } from 'node:net';

/** Runs in a namespace: a socket belongs to the namespace it was made in, whoever uses it later. */
const server = createServer();
server.listen(Number(process.argv[3]), process.argv[2], () => {
  process.send?.('listening', server, { keepOpen: false });
});
process.on('disconnect', () => process.exit());
