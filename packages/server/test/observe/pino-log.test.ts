import { expect, test } from 'vitest';
import { createLog } from '../../src/observe/pino-log.ts';
import { StoreFault } from '../../src/store/store.ts';
import { sign } from '../auth/tokens.ts';

/** What a log with this level writes. */
function logged(write: (log: ReturnType<typeof createLog>) => void, level = 'debug' as const) {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => void lines.push(line) }));
  return lines;
}

const parsed = (line = '{}') => JSON.parse(line) as Record<string, unknown>;

test('a line is JSON with its time, its level, the fields and the text', () => {
  const [line] = logged((log) => log.info({ call: 'c1', user: 'alice', version: 3 }, 'ended'));
  expect(parsed(line)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    call: 'c1',
    user: 'alice',
    version: 3,
    msg: 'ended',
  });
});

test('lines below the level are not written', () => {
  const stream = { lines: 0, write: () => void stream.lines++ };
  const log = createLog('warn', stream);
  log.debug({}, 'no');
  log.info({}, 'no');
  log.warn({}, 'yes');
  log.error({}, 'yes');
  expect(stream.lines).toBe(2);
});

test.each([
  ['a token', { token: 'SECRET' }],
  ['a message of a device', { command: { type: 'invite', call: 'c', content: 'SECRET' } }],
  ['an inbox item', { items: [{ item: { body: { kind: 'text', text: 'SECRET' } } }] }],
  ['a resume key', { hello: { resumeKey: 'SECRET', device: 'd' } }],
  ['the configuration', { config: { tokens: { secrets: ['SECRET'] } } }],
  ['a TURN credential', { welcome: { ice: { servers: [{ credential: 'SECRET' }] } } }],
  ['the TURN secret', { config: { ice: { turn: { secret: 'SECRET' } } } }],
  ['API keys', { config: { apiKeys: ['SECRET'] } }],
  ['a secret of webhooks', { endpoint: { signedWith: 'whsec_SECRET' } }],
  ['request headers', { request: { headers: { authorization: 'SECRET' } } }],
  ['a session description', { signal: { kind: 'description', description: { sdp: 'SECRET' } } }],
  ['raw bytes', { raw: Buffer.from('SECRET') }],
  ['something very deep', { a: { b: { c: { d: { e: { f: { g: { h: { i: 'SECRET' } } } } } } } } }],
  ['what hangs on an error', { err: Object.assign(new Error('x'), { request: 'SECRET' }) }],
])('%s is never written', (_what, fields) => {
  const [line] = logged((log) => log.error(fields, 'something happened'));
  expect(line).toContain('something happened');
  expect(line).not.toMatch(/SECRET|U0VDUkVU|83,(?:"1":)?69/);
});

test('a token inside a text is not written either', async () => {
  const token = await sign({ sub: 'alice' });
  const error = new Error(`cannot read ${token}`, { cause: new Error(token) });
  const lines = logged((log) => {
    log.warn({ why: `bad token ${token}.`, list: [token] }, `the token ${token} is bad`);
    log.error({ err: error }, 'failed');
    log.error(error, 'failed');
  });
  expect(lines).toHaveLength(3);
  expect(lines.join()).not.toContain(token.split('.')[1]);
});

test('an error is written with its code, its stack and what caused it', () => {
  const fault = new StoreFault('disk full', new Error('ENOSPC'));
  const [line] = logged((log) => log.error({ err: fault }, 'a step was not committed'));
  expect(parsed(line).err).toMatchObject({
    type: 'StoreFault',
    message: 'disk full',
    code: 'store-unavailable',
    stack: expect.stringContaining('pino-log.test'),
    cause: { message: 'ENOSPC' },
  });
});

test('a field that refers to itself does not end the process', () => {
  const loop: Record<string, unknown> = { call: 'c1' };
  loop.self = loop;
  expect(logged((log) => log.info({ loop }, 'around'))).toHaveLength(1);
});
