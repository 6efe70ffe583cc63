import { expect, onTestFinished, test } from 'vitest';
import * as agoraModule from '../../src/rtm/agora.ts';
import AgoraRTM, { setServer } from '../../src/rtm/agora.ts';
import * as anyrtcModule from '../../src/rtm/anyrtc.ts';
import ArRTM from '../../src/rtm/anyrtc.ts';
import { ScriptedServer } from './support/scripted-server.ts';
import { APP_ID, DIALECTS, agoraWorld, anyrtcWorld, failureOf } from './support/world.ts';
import { VirtualClock } from '@ringline/testkit';

test('[RTM1] Agora’s door gives a default export, named ones and, as a script, a global', async () => {
  expect(agoraModule.AgoraRTM).toBe(AgoraRTM);
  expect(AgoraRTM.createInstance(APP_ID)).toBeInstanceOf(agoraModule.RtmClient);
  await import('../../src/rtm/agora-standalone.ts');
  const global = globalThis as { AgoraRTM?: unknown };
  onTestFinished(() => void delete global.AgoraRTM);
  expect(global.AgoraRTM).toBe(AgoraRTM);
});

test('[RTM1] anyRTC’s does too', async () => {
  expect(anyrtcModule.ArRTM).toBe(ArRTM);
  expect(ArRTM.createInstance(APP_ID)).toBeInstanceOf(anyrtcModule.RtmClient);
  await import('../../src/rtm/anyrtc-standalone.ts');
  const global = globalThis as { ArRTM?: unknown };
  onTestFinished(() => void delete global.ArRTM);
  expect(global.ArRTM).toBe(ArRTM);
});

test('[RTM1] every member of an enumeration is its own name', () => {
  for (const { RtmStatusCode } of [agoraModule, anyrtcModule]) {
    for (const members of Object.values(RtmStatusCode)) {
      for (const [name, value] of Object.entries(members)) expect(value).toBe(name);
    }
  }
  expect(AgoraRTM.LocalInvitationState.RECEIVED_BY_REMOTE).toBe('RECEIVED_BY_REMOTE');
  expect(AgoraRTM.END_CALL_PREFIX).toBe('AgoraRTMLegacyEndcallCompatibleMessagePrefix');
  expect(AgoraRTM.LOG_FILTER_WARNING).toMatchObject({ error: true, warn: true, info: false });
  expect([ArRTM.END_CALL_PREFIX, ArRTM.LOG_FILTER_OFF]).toEqual(['', 4]);
});

test('[RTM1] anyRTC’s has fewer words, and the words that it has are enough', () => {
  const { RtmStatusCode } = anyrtcModule;
  expect(RtmStatusCode.LocalInvitationFailureReason).not.toHaveProperty('UNKNOWN');
  expect(RtmStatusCode.RemoteInvitationFailureReason).not.toHaveProperty('UNKNOWN');
  expect(RtmStatusCode.ConnectionChangeReason).not.toHaveProperty('TOKEN_EXPIRED');
  expect(RtmStatusCode.MessageType).toEqual({ TEXT: 'TEXT' });
});

test('[RTM2] an instance is there at once, and several beside each other', () => {
  const [first, second] = [AgoraRTM.createInstance(APP_ID), AgoraRTM.createInstance(APP_ID)];
  expect(first).not.toBe(second);
  expect(AgoraRTM.setArea({ areaCodes: [AgoraRTM.AreaCode.GLOBAL] })).toBeUndefined();
  expect([first.updateConfig({}), first.setParameters({})]).toEqual([undefined, undefined]);
});

test('[RTM2] an app id is what each vendor takes for one', async () => {
  const failed = [1, 'CREATE_INSTANCE_ERR_INVALID_ARGUMENT'];
  for (const id of ['', undefined as unknown as string]) {
    expect(await failureOf(() => AgoraRTM.createInstance(id))).toEqual(failed);
  }
  expect(AgoraRTM.createInstance('any')).toBeDefined();
  for (const id of ['any', `${APP_ID}0`, APP_ID.replace('0', '-')]) {
    expect(await failureOf(() => ArRTM.createInstance(id))).toEqual(failed);
  }
});

/** Where a client of this configuration connects to. */
async function addressOf(make: (ringline: object) => { login(options: object): Promise<void> }) {
  const clock = new VirtualClock();
  const server = new ScriptedServer(clock);
  let address = '';
  const client = make({
    clock,
    openSocket: (url: string, events: Parameters<ScriptedServer['connect']>[0]) => {
      address = url;
      return server.connect(events);
    },
  });
  await clock.untilSettled(client.login({ uid: 'alice', token: 'token' }));
  return address;
}

test('[RTM3] the server’s address comes from setServer(), for every instance that names none; without any, login says what to do', async () => {
  const failing = AgoraRTM.createInstance(APP_ID).login({ uid: 'alice', token: 'token' });
  await expect(failing).rejects.toThrow('setServer(url)');
  setServer('https://elsewhere.test');
  const agora = (ringline: object) => AgoraRTM.createInstance(APP_ID, { ringline });
  expect(await addressOf(agora)).toBe('wss://elsewhere.test/v1/connect');
});

test('[RTM3] or from `ringline.url`, or a private cloud’s', async () => {
  const own = { url: 'https://calls.test' };
  const agora = (ringline: object) =>
    AgoraRTM.createInstance(APP_ID, { ringline: { ...ringline, ...own } });
  expect(await addressOf(agora)).toBe('wss://calls.test/v1/connect');
  const cloud = (address: object) => (ringline: object) =>
    ArRTM.createInstance(APP_ID, { ringline, ...address });
  const [host, port] = ['calls.test', 8443];
  const lower = { confPriCloudAddr: { ServerAdd: host, Port: port, Wss: true } };
  expect(await addressOf(cloud(lower))).toBe('wss://calls.test:8443/v1/connect');
  const upper = { ConfPriCloudAddr: { ServerAdd: host, Port: 8080, Wss: false } };
  expect(await addressOf(cloud(upper))).toBe('ws://calls.test:8080/v1/connect');
  const whole = { confPriCloudAddr: { ServerAdd: 'wss://calls.test/rtc/v1/connect' } };
  expect(await addressOf(cloud(whole))).toBe('wss://calls.test/rtc/v1/connect');
});

test('[RTM3] it may be said after the instance was made', async () => {
  const told = (ringline: object) => {
    const client = ArRTM.createInstance(APP_ID, { ringline });
    client.setParameters({ confPriCloudAddr: { ServerAdd: 'calls.test' } });
    return client;
  };
  expect(await addressOf(told)).toBe('wss://calls.test/v1/connect');
  const own = (ringline: object) => {
    const client = AgoraRTM.createInstance(APP_ID, { ringline });
    client.updateConfig({ ringline: { url: 'https://calls.test' } });
    setServer('https://elsewhere.test');
    client.setParameters({});
    return client;
  };
  expect(await addressOf(own)).toBe('wss://calls.test/v1/connect');
});

test('[RTM4] an error has the vendor’s number, and a text that begins as anyRTC’s', async () => {
  const { client } = agoraWorld();
  const error: unknown = await client.logout().catch((fault: unknown) => fault);
  expect(error).toBeInstanceOf(agoraModule.RtmError);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'RTMException',
    code: 102,
    message: 'Error Code 102 - LOGOUT_ERR_USER_NOT_LOGGED_IN: Nobody is logged in.',
  });
  const invalid: unknown = await client.login({ uid: '' }).catch((fault: unknown) => fault);
  expect(invalid).toMatchObject({ name: 'RtmInvalidArgumentError' });
});

test('[RTM4] numbers are where each vendor has them', () => {
  const { RtmErrorCode: ofAgora } = agoraModule;
  const { RtmErrorCode: ofAnyrtc } = anyrtcModule;
  expect(ofAgora.LoginError.LOGIN_ERR_ALREADY_LOGIN).toBe(8);
  expect(ofAnyrtc.LoginError.LOGIN_ERR_ALREADY_LOGIN).toBe(7);
  expect(ofAgora.QueryPeersOnlineStatusError.QUERY_PEERS_ONLINE_STATUS_ERR_TIMEOUT).toBe(4);
  expect(ofAnyrtc.QueryPeersOnlineStatusError.QUERY_PEERS_ONLINE_STATUS_ERR_TIMEOUT).toBe(2);
  expect(ofAgora.InvitationApiCallError).toEqual(ofAnyrtc.InvitationApiCallError);
});

test('[RTM27] Agora’s emitter is Node’s: it gives itself, counts, and calls twice what is added twice', () => {
  const invitation = agoraWorld().client.createLocalInvitation('bob');
  const listener = () => {};
  expect(invitation.on('LocalInvitationCanceled', listener)).toBe(invitation);
  expect(invitation.once('LocalInvitationCanceled', listener)).toBe(invitation);
  expect(invitation.listeners('LocalInvitationCanceled')).toEqual([listener, listener]);
  expect(invitation.off('LocalInvitationCanceled', listener)).toBe(invitation);
  expect(invitation.listenerCount('LocalInvitationCanceled')).toBe(1);
  expect(invitation.removeAllListeners()).toBe(invitation);
  expect(invitation.rawListeners('LocalInvitationCanceled')).toEqual([]);
  expect(agoraModule.LocalInvitation.defaultMaxListeners).toBe(10);
});

test('[RTM27] anyRTC’s gives nothing, calls once what is added twice, and can be made to tell', () => {
  const { client } = anyrtcWorld();
  const heard: string[] = [];
  const listener = (id: string) => void heard.push(id);
  const channel = client.createChannel('room');
  expect(channel.on('MemberJoined', listener)).toBeUndefined();
  expect(channel.once('MemberJoined', listener)).toBeUndefined();
  channel.emit('MemberJoined', 'bob');
  expect(heard).toEqual(['bob']);
  expect(channel.off('MemberJoined', listener)).toBeUndefined();
  channel.emit('MemberJoined', 'carol');
  expect(heard).toEqual(['bob']);
  expect(channel.removeAllListeners('MemberJoined')).toBeUndefined();
  expect(channel).not.toHaveProperty('listenerCount');
});

test.each(DIALECTS)(
  '[RTM27] %s: any event’s name is taken, and `once` is once',
  async (_, make) => {
    const { client } = make();
    const names = client as unknown as { on(name: string, listener: () => void): void };
    expect(() => names.on('NobodyKnowsThis', () => {})).not.toThrow();
    const world = make();
    let told = 0;
    const once = world.client as unknown as { once(name: string, listener: () => void): void };
    once.once('ConnectionStateChanged', () => void told++);
    await world.login();
    expect(told).toBe(1);
  },
);

test('[RTM27] a listener that throws disturbs nobody, and finished objects can be cleaned', async () => {
  const world = anyrtcWorld();
  const said: unknown[] = [];
  const { error } = console;
  console.error = (...words: unknown[]) => void said.push(words[0]);
  onTestFinished(() => void (console.error = error));
  world.client.on('ConnectionStateChanged', () => {
    throw new Error('of the app');
  });
  let told = 0;
  world.client.on('ConnectionStateChanged', () => void told++);
  await world.login();
  expect([told, said.length]).toEqual([2, 2]);
});

test('[RTM27] what was added last is taken off first', async () => {
  const world = agoraWorld();
  let told = 0;
  const listener = () => void told++;
  world.client.on('ConnectionStateChanged', listener);
  world.client.once('ConnectionStateChanged', listener);
  world.client.off('ConnectionStateChanged', listener);
  await world.login();
  expect(told).toBe(2);
});
