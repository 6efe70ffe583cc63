import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { parseSync } from 'oxc-parser';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pack } from '../src/pack/pack.ts';
import { ROOT, tool } from '../src/paths.ts';
import { run } from '../src/run.ts';

const PACKED = [
  'protocol',
  'call',
  'client',
  'elements',
  'server',
  'server-kit',
  'compat',
] as const;

let folder: string;

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What the compiler says of a file against the packages as installed, as strictly as it can be asked. */
async function typesOf(file: string) {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024'],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  const project = write(`${file}.json`, JSON.stringify({ compilerOptions, files: [file] }));
  return run(tool('tsc'), ['-p', project]);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringline-install-'));
  const archives = await pack(PACKED, join(folder, 'archives'));
  write('package.json', '{ "name": "app", "private": true, "type": "module" }');
  const flags = ['--offline', '--no-audit', '--no-fund', '--prefix', folder];
  const [protocol = '', , client = '', , , kit = '', compat = ''] = archives;
  const installed = [protocol, client, kit, compat];
  const { code, output } = await run('npm', ['install', ...flags, ...installed]);
  if (code !== 0) throw new Error(output);
  // Put there by hand: npm would have to fetch lit, which is here already.
  cpSync(join(folder, 'archives/elements'), join(folder, 'node_modules/@ringline/elements'), {
    recursive: true,
  });
  symlinkSync(join(ROOT, 'node_modules/lit'), join(folder, 'node_modules/lit'));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the SDK installs without anything else, and runs in Node', async () => {
  const script = write(
    'use.js',
    `import { RinglineClient, RinglineError } from '@ringline/client';
    const client = new RinglineClient({ url: 'http://127.0.0.1:1', token: '', connectTimeoutMs: 200 });
    const code = await client.connect().catch((error) => error instanceof RinglineError && error.code);
    console.log(client.connectionState, code, client.calls.length);`,
  );
  expect(await run(process.execPath, [script])).toEqual({
    code: 0,
    output: 'disconnected timeout 0\n',
  });
});

test('its types say what it does, without those of the DOM', async () => {
  write(
    'use.ts',
    `import { RinglineClient, RinglineError, type Call, type Message } from '@ringline/client';
    const client = new RinglineClient({ url: 'https://calls.test', tokenProvider: async () => 'token' });
    const stop: () => void = client.on('incoming', async (call: Call) => {
      call.on('ended', ({ endReason }) => endReason satisfies string | undefined);
      await call.accept({ media: 'audio' });
    });
    client.on('message', (message: Message) => {
      if (message.kind === 'record') message.record.roomId satisfies number;
    });
    export async function ring(): Promise<string> {
      try {
        const call = await client.call('bob', { media: 'video', ringTimeoutMs: 30_000 });
        return call.id;
      } catch (error) {
        if (error instanceof RinglineError && error.code === 'microphone-denied') stop();
        // @ts-expect-error there is no such code
        if (error instanceof RinglineError && error.code === 'no-such-code') stop();
        throw error;
      }
    }`,
  );
  expect(await typesOf('use.ts')).toEqual({ code: 0, output: '' });
});

test('the kit for backends and the reader of records install without anything else', async () => {
  const script = write(
    'backend.js',
    `import { mintToken, parseCallRecord, verifyWebhook } from '@ringline/server-kit';
    import { parseCallRecord as read } from '@ringline/compat/netease';
    console.log(mintToken({ secret: 'secret', user: 'bob' }).split('.').length, parseCallRecord === read);
    try {
      verifyWebhook({ secret: 'whsec_' + 'A'.repeat(32), headers: {}, body: '{}' });
    } catch (error) {
      console.log(error.code, error.field);
    }`,
  );
  expect(await run(process.execPath, [script])).toEqual({
    code: 0,
    output: '3 true\nmissing-header webhook-id\n',
  });
});

test('the types of the kit need neither those of the DOM nor those of Node', async () => {
  write(
    'backend.ts',
    `import { verifyCopyOut, verifyWebhook, type ReceivedEvent } from '@ringline/server-kit';
    import { wordsOf } from '@ringline/compat/netease';
    export function take(body: Uint8Array, headers: Record<string, string | string[] | undefined>): string {
      const event: ReceivedEvent = verifyWebhook({ secret: ['a', 'b'], headers, body });
      if (event.type === 'record.created') return event.data.record.reason;
      // @ts-expect-error only some events have a reason
      if (event.type === 'call.invited') return event.data.reason;
      const copyOut = verifyCopyOut({ appSecret: 'a', headers, body });
      if (copyOut.kind !== 'record') return copyOut.id;
      return wordsOf(copyOut.record, { direction: 'incoming', language: 'zh' });
    }`,
  );
  expect(await typesOf('backend.ts')).toEqual({ code: 0, output: '' });
});

test('a bundler keeps the elements of a page that only imports the kit', async () => {
  const input = write('page.js', "import '@ringline/elements';");
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root: folder,
    build: { write: false, rolldownOptions: { input } },
  });
  expect(JSON.stringify(built)).toContain('ringline-phone');
});

test('a page without a bundler loads the kit and the SDK from one file', () => {
  const file = join(folder, 'node_modules/@ringline/elements/dist/standalone.js');
  const { module } = parseSync(file, readFileSync(file, 'utf8'));
  const names = module.staticExports.flatMap(({ entries }) =>
    entries.map((e) => e.exportName.name),
  );
  expect(names).toEqual(expect.arrayContaining(['RinglineClient', 'RinglinePhone', 'tabDeviceId']));
  expect([module.staticImports, module.dynamicImports]).toEqual([[], []]);
});

test.each([
  ['agora', 'AgoraRTM'],
  ['anyrtc', 'ArRTM'],
])('a page without a bundler loads the door for %s by a script tag', (door, name) => {
  const file = join(folder, `node_modules/@ringline/compat/dist/rtm/${door}-standalone.js`);
  const code = readFileSync(file, 'utf8');
  const { module } = parseSync(file, code);
  expect([module.staticImports, module.staticExports, module.dynamicImports]).toEqual([[], [], []]);
  const page = createContext({ crypto, URL });
  runInContext(code, page);
  const instance = `${name}.createInstance('0123456789abcdef0123456789abcdef')`;
  expect(runInContext(`typeof ${instance}.createLocalInvitation`, page)).toBe('function');
});

test('the doors for RTM install with the SDK, have their types, and run in Node', async () => {
  write(
    'rtm.ts',
    `import AgoraRTM, { type RtmClient, type RtmStatusCode } from '@ringline/compat/rtm/agora';
    import ArRTM, { RtmErrorCode } from '@ringline/compat/rtm/anyrtc';
    export const agora: RtmClient = AgoraRTM.createInstance('app', { ringline: { url: 'https://calls.test' } });
    export const state: RtmStatusCode.ConnectionState = AgoraRTM.ConnectionState.ABORTED;
    export const code: number = RtmErrorCode.LoginError.LOGIN_ERR_TIMEOUT;
    agora.on('RemoteInvitationReceived', (invitation) => invitation.accept());
    // @ts-expect-error anyRTC's invitations have no channel
    ArRTM.createInstance('app').createLocalInvitation('bob').channelId;`,
  );
  expect(await typesOf('rtm.ts')).toEqual({ code: 0, output: '' });
  const script = write(
    'rtm.js',
    `import AgoraRTM from '@ringline/compat/rtm/agora';
    const client = AgoraRTM.createInstance('app', { ringline: { url: 'http://127.0.0.1:1' } });
    client.login({ uid: 'null', token: 'token' }).catch(({ code, name }) => console.log(name, code));`,
  );
  expect(await run(process.execPath, [script])).toEqual({
    code: 0,
    output: 'RtmInvalidArgumentError 3\n',
  });
});

test('the built server has what its store sends to PostgreSQL', () => {
  const sources = globSync('**/*.sql', { cwd: join(ROOT, 'packages/server/src') });
  const built = globSync('**/*.sql', { cwd: join(folder, 'archives/server/dist') });
  expect(sources.length).toBeGreaterThan(0);
  expect(new Set(built)).toEqual(new Set(sources));
});

test('the built server finds the process of its voice, and the sounds', async () => {
  const server = join(folder, 'node_modules/@ringline/server');
  cpSync(join(folder, 'archives/server'), server, { recursive: true });
  symlinkSync(
    join(ROOT, 'node_modules/node-datachannel'),
    join(folder, 'node_modules/node-datachannel'),
  );
  const script = write(
    'speak.js',
    `import { EngineVoice, SystemClock, forkEngine, loadSounds } from '@ringline/server/voice';
    const quiet = () => undefined;
    const log = { debug: quiet, info: quiet, warn: quiet, error: console.log };
    const metrics = { listenerOpened: quiet, listenerClosed: quiet, voiceRestarted: quiet };
    const ports = { startEngine: forkEngine, sounds: loadSounds(), clock: new SystemClock(), log, metrics };
    const voice = new EngineVoice(ports, { port: 0, publicIps: [], maxListeners: 1, plays: 1 });
    voice.start();
    const offered = (sdp) => {
      console.log(/^m=audio/m.test(sdp));
      void voice.stop();
    };
    const ask = () => {
      const answer = voice.listen({ prompt: 'busy', language: 'zh' }, { offered, finished: quiet, failed: quiet });
      if (answer === 'away') setTimeout(ask, 10);
    };
    ask();`,
  );
  expect(await run(process.execPath, [script])).toEqual({ code: 0, output: 'true\n' });
});
