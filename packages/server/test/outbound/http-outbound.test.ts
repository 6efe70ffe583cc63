import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { VirtualClock } from '@ringline/testkit';
import { afterEach, expect, test } from 'vitest';
import type { AllowedAddresses } from '../../src/outbound/addresses.ts';
import type { Resolve } from '../../src/outbound/lookups.ts';
import { HttpOutbound } from '../../src/outbound/http-outbound.ts';
import { MAX_ANSWER_BYTES, MAX_CONNECTIONS_PER_HOST } from '../../src/outbound/limits.ts';
import type { OutboundAnswer, OutboundFaultKind } from '../../src/outbound/outbound.ts';
import { OutboundFault } from '../../src/outbound/outbound.ts';
import type { Answering } from './receiver.ts';
import { CERTIFICATE, Receiver } from './receiver.ts';

const LOOPBACK = [{ address: '127.0.0.0', prefix: 8 }];
const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

function outbound(allowed: AllowedAddresses = LOOPBACK, resolve?: Resolve) {
  const clock = new VirtualClock();
  const made = new HttpOutbound({ clock, allowed, ...(resolve && { resolve }) });
  open.push(made);
  const post = (url: string, more: { body?: string; signal?: AbortSignal } = {}) =>
    made.post({ url, headers: { 'x-kind': 'test' }, body: '{"a":1}', timeoutMs: 1_000, ...more });
  return { clock, made, post };
}

async function receiver(answer?: Answering, scheme = 'http') {
  const made = new Receiver(answer, scheme === 'https');
  const url = await made.listen(scheme);
  open.push(made);
  return { made, url };
}

/** Answers a path with a redirect there, and everything else with 200. */
const redirects =
  (from: string, to: () => string, status = 307): Answering =>
  ({ path }, response) => {
    if (path === from) response.writeHead(status, { location: to() });
    response.end('body');
  };

async function faultOf(answer: Promise<OutboundAnswer>): Promise<OutboundFaultKind | 'answered'> {
  try {
    await answer;
    return 'answered';
  } catch (error) {
    if (error instanceof OutboundFault) return error.fault;
    throw error;
  }
}

/** A name server of a test: each name has what it is given here, one after the other. */
function names(addresses: string[]): Resolve {
  return (_name, _options, done) => {
    const address = (addresses.length > 1 ? addresses.shift() : addresses[0]) ?? '';
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
  };
}

test('a body arrives as it was given, and any answer is an answer', async () => {
  const { made, url } = await receiver((_received, response) => {
    response.writeHead(503, { 'retry-after': '7' }).end('später');
  });
  const { post } = outbound();
  expect(await post(`${url}/calls?k=1`, { body: '{"name":"张三"}' })).toEqual({
    status: 503,
    body: 'später',
    retryAfterMs: 7_000,
  });
  const [received] = made.received;
  expect(received).toMatchObject({ method: 'POST', path: '/calls?k=1', body: '{"name":"张三"}' });
  expect(received?.headers).toMatchObject({ 'x-kind': 'test', 'content-length': '17' });
  expect(received?.headers['user-agent']).toMatch(/^Ringline\//);
});

test('[OUT1] a name at a private address, or such an address in any spelling, is not connected to', async () => {
  const { made } = await receiver();
  const { post } = outbound([]);
  const spellings = ['127.0.0.1', '127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '127.0.0.1.'];
  const others = ['[::1]', '[::ffff:127.0.0.1]', '[0:0:0:0:0:ffff:7f00:1]', '[64:ff9b::7f00:1]'];
  for (const host of [...spellings, ...others, 'localhost', '①②⑦.0.0.1']) {
    const fault = await faultOf(post(`http://${host}:${made.port}/`));
    expect([host, fault]).toEqual([host, 'forbidden-address']);
  }
  expect(made.connections).toBe(0);
});

test('[OUT2] a name that leads to a private address the second time is checked the second time', async () => {
  const { made } = await receiver((_received, response) => {
    response.writeHead(200, { connection: 'close' }).end();
  });
  const { post } = outbound(
    [{ address: '127.0.0.1', prefix: 32 }],
    names(['127.0.0.1', '127.0.0.2']),
  );
  const url = `http://rebound.example:${made.port}/`;
  expect((await post(url)).status).toBe(200);
  expect(await faultOf(post(url))).toBe('forbidden-address');
  expect(made.connections).toBe(1);
});

test('[OUT2] of the addresses of a name only the allowed ones are tried', async () => {
  const { made } = await receiver();
  const both: Resolve = (_name, _options, done) =>
    done(null, [
      { address: '10.255.255.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  const { post } = outbound(LOOPBACK, both);
  expect((await post(`http://two.example:${made.port}/`)).status).toBe(200);
});

test('[OUT3] 307 and 308 are followed with the same body, three at most; others are answers', async () => {
  const { made, url } = await receiver(({ path }, response) => {
    const hop = Number(path?.slice(1));
    if (hop > 0) response.writeHead(hop % 2 ? 307 : 308, { location: `/${hop - 1}` });
    response.end('body');
  });
  const { post } = outbound();
  expect((await post(`${url}/3`)).status).toBe(200);
  const hops = made.received.map(({ path, body }) => `${path} ${body}`);
  expect(hops).toEqual([3, 2, 1, 0].map((hop) => `/${hop} {"a":1}`));
  expect(await faultOf(post(`${url}/4`))).toBe('bad-redirect');
  for (const status of [301, 302, 303]) {
    made.answer(redirects('/moved', () => '/there', status));
    expect((await post(`${url}/moved`)).status).toBe(status);
  }
});

test('[OUT3] a redirect leads to no private address, other scheme, password or nowhere', async () => {
  const { made, url } = await receiver();
  const { post } = outbound(LOOPBACK);
  const led = async (to: string) => {
    made.answer(redirects('/', () => to));
    return faultOf(post(`${url}/`));
  };
  expect(await led('http://169.254.169.254/latest/meta-data')).toBe('forbidden-address');
  expect(await led('http://[::1]/')).toBe('forbidden-address');
  for (const to of ['file:///etc/passwd', 'http://a:b@127.0.0.1/', 'http://', '']) {
    expect([to, await led(to)]).toEqual([to, 'bad-redirect']);
  }
});

test('[OUT4] addresses of other schemes, with credentials, too long or none at all are refused', async () => {
  const { post } = outbound('all');
  const long = `http://127.0.0.1/${'a'.repeat(2048)}`;
  const bad = ['ftp://127.0.0.1/', 'http://a:b@127.0.0.1/', 'http://a@127.0.0.1/', '/calls', long];
  for (const url of bad) expect([url, await faultOf(post(url))]).toEqual([url, 'bad-url']);
});

test('[OUT5] the time limit holds for a server that is silent, drips its body, or is never reached', async () => {
  const { made, url } = await receiver();
  const drips: Answering = (_received, response) => void response.writeHead(200).write('a');
  for (const answer of [() => undefined, drips]) {
    made.answer(answer);
    const { clock, post } = outbound();
    const fault = faultOf(post(url));
    await until(() => made.received.length > 0);
    clock.advance(1_000);
    expect(await fault).toBe('timeout');
    made.received.length = 0;
  }
  const { clock, post } = outbound(LOOPBACK, () => undefined);
  const fault = faultOf(post('http://silent.example/'));
  clock.advance(1_000);
  expect(await fault).toBe('timeout');
});

test('[OUT6] of an answer no more than MAX_ANSWER_BYTES is kept, and no more is read for long', async () => {
  const { made, url } = await receiver((_received, response) => {
    response.writeHead(200);
    const more = () => void response.write('x'.repeat(16_384), () => response.destroyed || more());
    more();
  });
  const { post } = outbound();
  const { body } = await post(url);
  expect(body).toBe('x'.repeat(MAX_ANSWER_BYTES));
  await until(() => made.open === 0);
  made.answer((_received, response) => void response.end('y'.repeat(MAX_ANSWER_BYTES)));
  expect((await post(url)).body).toBe('y'.repeat(MAX_ANSWER_BYTES));
});

test('[OUT7] connections are kept and used again, and one host has no more than MAX_CONNECTIONS_PER_HOST', async () => {
  const { made, url } = await receiver();
  const { post } = outbound();
  await post(url);
  await post(url);
  expect(made.connections).toBe(1);
  const waiting: (() => void)[] = [];
  made.answer((_received, response) => void waiting.push(() => response.end()));
  const posts = Array.from({ length: MAX_CONNECTIONS_PER_HOST + 5 }, () => post(url));
  await until(() => waiting.length === MAX_CONNECTIONS_PER_HOST);
  expect(made.connections).toBe(MAX_CONNECTIONS_PER_HOST);
  made.answer((_received, response) => void response.end());
  for (const answer of waiting) answer();
  expect(await Promise.all(posts)).toHaveLength(MAX_CONNECTIONS_PER_HOST + 5);
});

test('[OUT7] a kept connection that the other side closes as it is used costs nothing', async () => {
  const { made, url } = await receiver();
  const { post } = outbound();
  await post(url);
  made.answer((_received, response) => {
    made.answer((_again, next) => void next.end('new'));
    response.socket?.resetAndDestroy();
  });
  expect(await post(url)).toMatchObject({ status: 200, body: 'new' });
  expect(made.connections).toBe(2);
});

test('[OUT8] a certificate that nobody vouches for is refused, whatever the environment says', async () => {
  const { made, url } = await receiver(undefined, 'https');
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    const { post } = outbound();
    expect(await faultOf(post(url))).toBe('bad-certificate');
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  }
  expect(made.received).toEqual([]);
});

test('[OUT8] a certificate that somebody vouches for is taken, for its own name', async () => {
  const { made } = await receiver(({ path }, response) => {
    if (path === '/weaker') response.writeHead(307, { location: 'http://calls.test/' });
    response.end();
  }, 'https');
  const { post } = outbound(LOOPBACK, names(['127.0.0.1']));
  const usual = getCACertificates();
  setDefaultCACertificates([...usual, CERTIFICATE]);
  try {
    expect((await post(`https://calls.test:${made.port}/`)).status).toBe(200);
    expect(await faultOf(post(`https://other.test:${made.port}/`))).toBe('bad-certificate');
    expect(await faultOf(post(`https://calls.test:${made.port}/weaker`))).toBe('bad-redirect');
  } finally {
    setDefaultCACertificates(usual);
  }
});

test('[OUT9] what fails says why in a word from the list, and neither address nor secret', async () => {
  const { made, url } = await receiver((_received, response) => response.destroy());
  const { post } = outbound();
  expect(await faultOf(post(url))).toBe('unreachable');
  await made.close();
  expect(await faultOf(post(url))).toBe('unreachable');
  const nobody: Resolve = (_name, _options, done) =>
    done(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), []);
  expect(await faultOf(outbound([], nobody).post('http://no.example/'))).toBe('unknown-host');
  expect(await faultOf(post(await strange()))).toBe('bad-answer');
  const error: unknown = await post(`${url}/?key=secret`).catch((caught: unknown) => caught);
  expect(JSON.stringify(error) + String(error)).not.toMatch(/secret|127/);
});

test('[OUT10] what is given up or under way at the end is abandoned, and its connection closed', async () => {
  const { made, url } = await receiver(() => undefined);
  const { made: way, post } = outbound();
  const givenUp = new AbortController();
  const fault = faultOf(post(url, { signal: givenUp.signal }));
  await until(() => made.received.length === 1);
  givenUp.abort();
  expect(await fault).toBe('abandoned');
  expect(await faultOf(post(url, { signal: AbortSignal.abort() }))).toBe('abandoned');
  const atEnd = faultOf(post(url));
  await until(() => made.received.length === 2);
  await way.close();
  expect(await atEnd).toBe('abandoned');
  await until(() => made.open === 0);
  expect(made.received).toHaveLength(2);
});

/** Waits for the network, which has no virtual time. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** The address of a server that speaks something else. */
async function strange(): Promise<string> {
  const server = createServer(
    (socket) => void socket.end('SSH-2.0-OpenSSH_9.7\r\n\r\n', () => socket.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
