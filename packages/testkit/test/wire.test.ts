import { describe, expect, test } from 'vitest';
import type { ServerSocket, WireOptions } from '../src/index.ts';
import { VirtualClock, Wire } from '../src/index.ts';

/** A wire between a device and a server that both write down what they are told, and when. */
function connect(options: WireOptions = {}) {
  const clock = new VirtualClock({ startAt: 0 });
  const log: string[] = [];
  const note = (what: string) => void log.push(`${clock.now()} ${what}`);
  const sockets: ServerSocket[] = [];
  const accept = (socket: ServerSocket) => {
    sockets.push(socket);
    return {
      text: (text: string) => note(`server text ${text}`),
      pong: () => note('server pong'),
      closed: (code: number) => note(`server closed ${code}`),
    };
  };
  const client = {
    opened: () => note('client open'),
    text: (text: string) => note(`client text ${text}`),
    closed: (code: number) => note(`client closed ${code}`),
  };
  const wire = new Wire(clock, client, { accept, delayMs: 10, ...options });
  const opened = () => {
    clock.advance(20);
    log.length = 0;
    return { clock, log, wire, server: sockets[0]!, client: wire.client };
  };
  return { clock, log, wire, sockets, opened };
}

/** What one side was told, in order. */
function toldTo(side: 'client' | 'server', log: readonly string[]): string[] {
  return log.filter((line) => line.includes(` ${side} `)).map((line) => line.trim());
}

describe('Wire', () => {
  test('opens after a round trip, then carries texts both ways in order', () => {
    const { clock, log, wire, sockets } = connect();
    wire.client.send('too early');
    clock.advance(10);
    sockets[0]!.send('welcome');
    clock.advance(10);
    wire.client.send('a');
    wire.client.send('b');
    clock.advance(10);
    expect(log).toEqual([
      '20 client open',
      '20 client text welcome',
      '30 server text a',
      '30 server text b',
    ]);
    expect(wire.isOpen).toBe(true);
  });

  test('keeps the order when a later frame draws a shorter delay', () => {
    const delays = [1, 1, 50, 5, 5];
    const { clock, log, client } = connect({ delayMs: () => delays.shift() ?? 1 }).opened();
    for (const text of ['a', 'b', 'c']) client.send(text);
    clock.advance(100);
    expect(log.map((line) => line.slice(-1))).toEqual(['a', 'b', 'c']);
    expect(log[0]).toBe('70 server text a');
  });

  test('nobody listens: the client is told of an abnormal end', () => {
    const { clock, log, wire } = connect({ accept: undefined });
    clock.advance(100);
    expect(log).toEqual(['20 client closed 1006']);
    expect(wire.isOpen).toBe(false);
  });

  test('a server that closes: the code reaches the client, the server hears of the answer', () => {
    const { clock, log, server, client } = connect().opened();
    server.close(4409, 'replaced');
    server.send('too late');
    client.send('crossing');
    clock.advance(100);
    expect(toldTo('client', log)).toEqual(['30 client closed 4409']);
    expect(toldTo('server', log)).toEqual(['30 server text crossing', '40 server closed 4409']);
    expect(clock.pending).toBe(0);
  });

  test('a client that closes is delivered nothing more', () => {
    const { clock, log, server, client } = connect().opened();
    client.close(1000, 'bye');
    server.send('crossing');
    clock.advance(100);
    expect(log).toEqual(['30 server closed 1000', '40 client closed 1000']);
  });

  test('a client that closes while connecting is told so, and the server of the reset', () => {
    const { clock, log, wire, sockets } = connect();
    clock.advance(15);
    wire.client.close(1000, '');
    clock.advance(100);
    expect(log).toEqual(['15 client closed 1006', '25 server closed 1006']);
    expect(sockets).toHaveLength(1);
  });

  test('cut: nothing arrives and nobody is told; restored, what waited arrives in order', () => {
    const { clock, log, wire, server, client } = connect().opened();
    client.send('a');
    wire.cut();
    client.send('b');
    server.send('c');
    server.ping();
    clock.advance(60_000);
    expect(log).toEqual([]);
    expect([wire.isOpen, wire.isCut, server.queuedBytes]).toEqual([true, true, 1]);
    wire.restore();
    clock.advance(100);
    expect(toldTo('client', log)).toEqual(['60030 client text c']);
    expect(toldTo('server', log)).toEqual([
      '60030 server text a',
      '60030 server text b',
      '60040 server pong',
    ]);
    expect(server.queuedBytes).toBe(0);
  });

  test('closed while cut: the closing end gives up after its time, the other learns when restored', () => {
    const { clock, log, wire, server } = connect().opened();
    wire.cut();
    server.close(4504, 'silent');
    clock.advance(40_000);
    expect(log).toEqual(['30020 server closed 1006']);
    wire.restore();
    clock.advance(100);
    expect(log.at(-1)).toBe('40030 client closed 4504');
  });

  test('terminated: the server is told at once, the client by a reset', () => {
    const { clock, log, server } = connect().opened();
    server.terminate();
    clock.advance(100);
    expect(log).toEqual(['20 server closed 1006', '30 client closed 1006']);
  });

  test('stalled towards one side: only that direction waits', () => {
    const { clock, log, wire, server, client } = connect().opened();
    wire.stall(500, 'client');
    server.send('slow');
    client.send('fast');
    clock.advance(1000);
    expect(log).toEqual(['30 server text fast', '530 client text slow']);
  });

  test('mended while a stall lasts: what waits goes on waiting for its end', () => {
    const { clock, log, wire, server } = connect().opened();
    wire.stall(500, 'client');
    wire.cut();
    server.send('slow');
    clock.advance(100);
    wire.restore();
    clock.advance(1000);
    expect(log).toEqual(['530 client text slow']);
  });

  test('dropped: what was on its way is lost and both ends are told', () => {
    const { clock, log, wire, client } = connect().opened();
    client.send('lost');
    wire.drop();
    clock.advance(100);
    expect(log.toSorted()).toEqual(['20 client closed 1006', '20 server closed 1006']);
  });

  test.each(['client', 'server'] as const)(
    'a killed %s hears nothing more, the other is told',
    (side) => {
      const { clock, log, wire, server, client } = connect().opened();
      wire.kill(side);
      server.send('a');
      client.send('b');
      clock.advance(100);
      const other = side === 'client' ? 'server' : 'client';
      expect(log).toEqual([`30 ${other} closed 1006`]);
    },
  );

  test('a server killed before it accepted refuses', () => {
    const { clock, log, wire, sockets } = connect();
    wire.kill('server');
    clock.advance(100);
    expect(log).toEqual(['20 client closed 1006']);
    expect(sockets).toEqual([]);
  });

  test('doubles what it is told to, and shows every text once', () => {
    const seen: string[] = [];
    const { clock, log, client, server } = connect({
      double: (from, text) => from === 'client' && text === 'twice',
      watch: (from, text) => seen.push(`${from} ${text}`),
    }).opened();
    client.send('twice');
    client.send('once');
    server.send('twice');
    clock.advance(10);
    expect(toldTo('client', log)).toEqual(['30 client text twice']);
    expect(toldTo('server', log)).toEqual([
      '30 server text twice',
      '30 server text twice',
      '30 server text once',
    ]);
    expect(seen).toEqual(['client twice', 'client once', 'server twice']);
  });
});
