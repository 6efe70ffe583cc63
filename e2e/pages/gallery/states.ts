import type { Call, DeviceName } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import type { RinglinePhone } from '@ringline/elements';
import { MESSAGES, PEOPLE, RECORDS } from './people.ts';
import { standInCall, standInClient } from './stand-in.ts';
import type { CallShown, ClientShown } from './stand-in.ts';

/** One state of the phone: what its client says, and what is done to get there. */
export interface State {
  readonly client: ClientShown;
  readonly prepare?: (phone: RinglinePhone, tell: (name: string, payload: unknown) => void) => void;
}

const FULL: ClientShown = {
  people: PEOPLE,
  records: RECORDS,
  messages: MESSAGES,
  missedCalls: 2,
  stands: { 'chen.xiaoming': { unread: 1, readUpTo: 0 }, elena: { peerReadUpTo: 0 } },
  devices: [
    { kind: 'microphone', id: 'm1', label: 'Jabra Evolve2 65', isDefault: true },
    { kind: 'microphone', id: 'm2', label: 'Built-in microphone', isDefault: false },
    { kind: 'camera', id: 'c1', label: 'Logitech Brio 4K (046d:085e)', isDefault: true },
    { kind: 'speaker', id: 's1', label: 'Jabra Evolve2 65', isDefault: true },
  ],
};

function section(name: RinglinePhone['section'], client: ClientShown): State {
  return { client, prepare: (phone) => (phone.section = name) };
}

const PEER = { user: 'bob.li', name: 'Bob Li' };

/** A call that this user makes, and how it stands. */
function outgoing(shown: CallShown, client: ClientShown = FULL): State {
  return {
    client: { ...client, calls: () => Promise.resolve(standInCall(shown)) },
    prepare: (phone) => void phone.session?.phone.place(PEER, 'audio'),
  };
}

function notPermitted(): Promise<void> {
  return Promise.reject(new RinglineError('not-permitted', 'for programmers'));
}

function failing(code: ConstructorParameters<typeof RinglineError>[0]): State {
  const error = new RinglineError(code, 'for programmers');
  return {
    client: { ...FULL, calls: () => Promise.reject(error) },
    prepare: (phone) => void phone.session?.phone.place(PEER, 'video'),
  };
}

function incoming(...calls: CallShown[]): State {
  return {
    client: FULL,
    prepare: (_, tell) => {
      for (const shown of calls) {
        tell('incoming', standInCall({ direction: 'incoming', state: 'ringing', ...shown }));
      }
    },
  };
}

function ended(endReason: Call['endReason'], more: CallShown = {}): State {
  return outgoing({ state: 'ended', endReason, ...more });
}

const VIDEO: CallShown = { media: 'video' };

function after(state: State, act: (phone: RinglinePhone) => void): State {
  return {
    client: state.client,
    prepare: (phone, tell) => {
      state.prepare?.(phone, tell);
      setTimeout(() => act(phone), 300);
    },
  };
}

/** A call whose microphone was unplugged. */
function replacing(to: DeviceName | undefined): State {
  const state = outgoing({});
  return {
    client: state.client,
    prepare: (phone, tell) => {
      state.prepare?.(phone, tell);
      setTimeout(() => tell('deviceReplaced', { kind: 'microphone', from: undefined, to }), 300);
    },
  };
}

/** A call whose picture, or request for one, is over just now. */
function videoOver(videoEnd: Call['videoEnd']): State {
  const call = standInCall({ videoEnd });
  return {
    client: { ...FULL, calls: () => Promise.resolve(call) },
    prepare: (phone) => {
      void phone.session?.phone.place(PEER, 'audio');
      setTimeout(() => call.tell('videoRefused', call), 300);
    },
  };
}

function press(phone: RinglinePhone, icon: string): void {
  const call = phone.shadowRoot?.querySelector('ringline-call');
  const buttons = [...(call?.shadowRoot?.querySelectorAll('.controls button') ?? [])];
  const wanted = buttons.find((button) => button.getAttribute('data-icon') === icon);
  (wanted as HTMLElement | undefined)?.click();
}

const CAROL: CallShown = { id: 'other', peer: { user: 'elena', name: 'Elena Petrova' } };

/** A call that is on, and somebody else who calls. */
function waiting(second: CallShown = {}, first: CallShown = {}): State {
  const on = standInCall({ ...first });
  const caller = standInCall({ ...CAROL, direction: 'incoming', state: 'ringing', ...second });
  return {
    client: FULL,
    prepare: (_, tell) => {
      tell('restored', on);
      tell('incoming', caller);
    },
  };
}

/** A call, and another one with Elena that is held unless it is said otherwise. */
function both(large: CallShown = {}, other: CallShown = {}, client: ClientShown = FULL): State {
  const aside = standInCall({ ...CAROL, localHold: true, ...other });
  const call = standInCall(large);
  return {
    client,
    prepare: (_, tell) => {
      tell('restored', aside);
      tell('restored', call);
    },
  };
}

/** The call with Elena is over just now, another one is on. */
function overBeside(shown: CallShown): State {
  const over = standInCall({ ...CAROL, ...shown });
  return {
    client: FULL,
    prepare: (_, tell) => {
      tell('restored', over);
      tell('restored', standInCall({}));
      setTimeout(() => {
        Object.assign(over, { state: 'ended' });
        over.tell('stateChanged', over);
      }, 100);
    },
  };
}

function announcing(endReason: Call['endReason'], voice?: string): State {
  const shown: CallShown = { state: 'announcing', endReason, connectedAt: undefined };
  return outgoing(shown, { ...FULL, ...(voice !== undefined && { voice }) });
}

/** The buttons of the banner and of the strip, by their icon. */
function pressIn(phone: RinglinePhone, part: 'ringline-incoming' | 'ringline-call', css: string) {
  phone.shadowRoot?.querySelector(part)?.shadowRoot?.querySelector<HTMLElement>(css)?.click();
}

const leg = (state: string, silence?: string) => ({ device: 'd', epoch: 1, state, silence });

/** Every state worth looking at, by name. */
export const STATES: Readonly<Record<string, State>> = {
  contacts: { client: FULL },
  'contacts-empty': { client: {} },
  calls: section('calls', FULL),
  'calls-empty': section('calls', {}),
  messages: section('messages', FULL),
  'messages-empty': section('messages', {}),
  conversation: { client: FULL, prepare: (phone) => (phone.peer = 'bob.li') },
  'conversation-delivered': { client: FULL, prepare: (phone) => (phone.peer = 'elena') },
  settings: section('settings', FULL),
  'settings-empty': section('settings', {}),
  disconnected: { client: { ...FULL, connectionState: 'disconnected' } },
  reconnecting: { client: { ...FULL, connectionState: 'reconnecting' } },
  starting: { client: FULL, prepare: (phone) => void phone.session?.phone.place(PEER, 'audio') },
  calling: outgoing({ state: 'inviting' }),
  ringing: outgoing({ state: 'ringing', legs: [leg('alerting'), leg('alerting')] }),
  'ringing-truth': outgoing({
    state: 'ringing',
    legs: [
      leg('alerting'),
      leg('silent', 'autoplay-blocked'),
      leg('silent', 'no-microphone'),
      leg('unresponsive'),
    ],
  }),
  'ringing-server-away': outgoing(
    { state: 'ringing', legs: [leg('alerting')] },
    { ...FULL, connectionState: 'reconnecting' },
  ),
  'incoming-audio': incoming({}),
  'incoming-video': incoming(VIDEO),
  'incoming-two': incoming(
    {},
    { ...VIDEO, id: 'other', peer: { user: 'elena', name: 'Elena Petrova' } },
  ),
  connecting: outgoing({ connection: 'connecting', connectedAt: undefined, quality: undefined }),
  audio: outgoing({}),
  'audio-muted': outgoing({ muted: true }),
  'audio-peer-muted': outgoing({ peerMuted: true, quality: { level: 'fair' } }),
  video: outgoing(VIDEO),
  'video-muted': outgoing({ ...VIDEO, muted: true }),
  'video-camera-off': outgoing({ ...VIDEO, cameraOn: false }),
  'video-peer-off': outgoing({ ...VIDEO, peerCameraOn: false, peerMuted: true }),
  'video-poor': outgoing({ ...VIDEO, quality: { level: 'poor' } }),
  'video-given-up': outgoing({ ...VIDEO, quality: { level: 'poor' }, videoLimit: 'off' }),
  'device-replaced': replacing({ kind: 'microphone', id: 'm2', label: 'Built-in microphone' }),
  'device-gone': replacing(undefined),
  'sound-blocked': outgoing({ needsGesture: true }),
  'call-reconnecting': outgoing({ ...VIDEO, connection: 'reconnecting' }),
  'call-server-away': outgoing({}, { ...FULL, connectionState: 'reconnecting' }),
  holding: outgoing({ localHold: true }),
  'holding-hang-up': after(outgoing({ localHold: true }), (phone) => {
    phone.hangUpWhileHolding = true;
  }),
  'without-video': outgoing({}, { ...FULL, hasVideo: false }),
  'held-by-peer': outgoing({ remoteHold: true }),
  'held-by-both': outgoing({ localHold: true, remoteHold: true }),
  resuming: outgoing({ resuming: true }),
  'holding-minimised': after(outgoing({ localHold: true }), (phone) => {
    phone.section = 'messages';
    press(phone, 'minimise');
  }),
  'waiting-audio': waiting(),
  'waiting-video': waiting(VIDEO, VIDEO),
  'waiting-held': waiting({}, { localHold: true }),
  'waiting-failed': after(waiting({ accept: notPermitted }), (phone) =>
    pressIn(phone, 'ringline-incoming', '.answers .accept'),
  ),
  'waiting-minimised': after(waiting(), (phone) => {
    phone.section = 'messages';
    press(phone, 'minimise');
  }),
  'two-calls': both(),
  'two-calls-video': both(VIDEO, { peer: { user: 'giulia', name: PEOPLE[5]?.name } }),
  'two-held': both({ localHold: true }),
  'two-held-by-both': both({}, { remoteHold: true }),
  'two-calling': both({ state: 'ringing', legs: [leg('alerting')], connectedAt: undefined }),
  'two-first-over': overBeside({ endReason: 'completed', durationSeconds: 83 }),
  'two-swap-failed': after(both({}, { swap: notPermitted }), (phone) =>
    pressIn(phone, 'ringline-call', '.deed[data-icon="swap"]'),
  ),
  'two-third': after(
    both(),
    (phone) => void phone.session?.phone.place({ user: 'frank' }, 'audio'),
  ),
  'two-minimised': after(both(), (phone) => {
    phone.section = 'messages';
    press(phone, 'minimise');
  }),
  'two-second-failed': {
    client: {
      ...FULL,
      calls: () => Promise.reject(new RinglineError('camera-denied', 'for programmers')),
    },
    prepare: (phone, tell) => {
      tell('restored', standInCall({}));
      void phone.session?.phone.place({ user: 'elena', name: 'Elena Petrova' }, 'video');
    },
  },
  'announcing-busy': announcing('busy', 'busy'),
  'announcing-refused': announcing('refused', 'refused'),
  'announcing-no-answer': announcing('no-answer'),
  'announcing-offline': announcing('offline', 'offline'),
  'announcing-held': both(
    { state: 'announcing', endReason: 'no-answer', connectedAt: undefined, direction: 'outgoing' },
    {},
    { ...FULL, voice: 'no-answer' },
  ),
  'video-asking': outgoing({ videoRequestedBy: 'self' }),
  'video-asked': outgoing({ videoRequestedBy: 'peer' }),
  'video-asked-minimised': after(outgoing({ videoRequestedBy: 'peer' }), (phone) => {
    phone.section = 'messages';
    press(phone, 'minimise');
  }),
  'video-refused': videoOver({ why: 'refused', by: 'peer' }),
  'video-expired': videoOver({ why: 'expired' }),
  'video-unsupported': videoOver({ why: 'unsupported', by: 'peer' }),
  'video-ended': videoOver({ why: 'removed', by: 'peer' }),
  'hold-failed': after(outgoing({ hold: notPermitted }), (phone) => press(phone, 'hold')),
  'holding-server-away': outgoing(
    { localHold: true },
    { ...FULL, connectionState: 'reconnecting' },
  ),
  'video-camera-failed': videoOver({ why: 'camera-failed', by: 'self' }),
  'ended-resume-failed': ended('resume-failed'),
  'device-panel': after(outgoing(VIDEO), (phone) => press(phone, 'settings')),
  minimised: after({ ...outgoing(VIDEO) }, (phone) => {
    phone.section = 'messages';
    press(phone, 'minimise');
  }),
  'ended-completed': ended('completed', { durationSeconds: 83 }),
  'ended-refused': ended('refused'),
  'ended-busy': ended('busy'),
  'ended-no-answer': ended('no-answer'),
  'ended-offline': ended('offline'),
  'ended-missed': ended('cancelled', { direction: 'incoming', connectedAt: undefined }),
  'ended-elsewhere': ended('answered-elsewhere', { direction: 'incoming' }),
  'ended-lost': ended('connection-lost'),
  'ended-media-failed': ended('media-failed'),
  'failed-denied': failing('camera-denied'),
  'failed-no-device': failing('no-device'),
};

/** A phone in this state. */
export function phoneIn(name: string): RinglinePhone {
  const state = STATES[name];
  if (state === undefined) throw new Error(`The gallery has no state ${name}.`);
  const client = standInClient(state.client);
  const phone = document.createElement('ringline-phone');
  phone.client = client;
  phone.name = 'Alice Miller';
  requestAnimationFrame(() =>
    state.prepare?.(phone, (event, payload) => client.tell(event, payload)),
  );
  return phone;
}
