import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { answerParent } from './ask.ts';
import type { Recording } from './recording.ts';
import type { Side } from './scenario.ts';

/**
 * The floor: a bare relay of raw frames. For each frame of a device it sends the frames that the
 * real server sent, of the same sizes to the same devices; it reads one byte and keeps nothing.
 */
const service = {
  relay: ({ welcome, phases }: Recording): Promise<string> => {
    const answers = phases
      .flat()
      .map((step) => step.answers.map(({ to, text }) => ({ to, frame: Buffer.from(text) })));
    return listen(Buffer.from(welcome), answers);
  },
};
export type FloorService = typeof service;

interface Answer {
  readonly to: Side;
  readonly frame: Buffer;
}

type Pair = Partial<Record<Side, WebSocket>>;

const AS_TEXT = { binary: false };

function listen(welcome: Buffer, answers: readonly (readonly Answer[])[]): Promise<string> {
  const pairs = new Map<string, Pair>();
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
  });
  server.on('connection', (socket) => {
    socket.once('message', (hello: Buffer) => {
      const pair = join(pairs, socket, hello.toString());
      socket.on('message', (data: Buffer) => {
        for (const { to, frame } of answers[data[0] ?? 0] ?? []) pair[to]?.send(frame, AS_TEXT);
      });
      socket.send(welcome, AS_TEXT);
    });
  });
  return new Promise((resolve) => {
    server.on('listening', () => {
      resolve(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    });
  });
}

/** Hello on the floor is `caller 17`: one side of one pair. */
function join(pairs: Map<string, Pair>, socket: WebSocket, hello: string): Pair {
  const [side, number] = hello.split(' ') as [Side, string];
  const pair = pairs.get(number) ?? {};
  pair[side] = socket;
  pairs.set(number, pair);
  return pair;
}

answerParent(service);
