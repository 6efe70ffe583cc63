import type { Invitation } from '@ringline/call';
import type { ChannelDelivery, Delivery } from '../../src/cluster/bus.ts';
import { T0, established, invited } from '../store/builders.ts';

/** Half a character, NUL, what JSON must escape, what UTF-8 writes in two, three and four bytes. */
export const HARD_TEXT = '\ud800 \u0000 \n \u007f \u2028 "\\" é 通话 📞 \udc00';

const invitation: Invitation = {
  state: 'sent',
  id: 'invitation-000000001',
  version: 3,
  caller: { user: 'alice', device: 'alice1' },
  callee: { user: 'bob', device: null },
} as unknown as Invitation;

/** One of each kind, to Bob. */
export const EACH: Readonly<{ [K in Delivery['kind']]: Extract<Delivery, { kind: K }> }> = {
  call: { kind: 'call', to: 'bob', call: established(invited()) },
  inbox: {
    kind: 'inbox',
    to: 'bob',
    item: {
      id: 'item-1',
      cursor: 7,
      at: T0,
      from: 'alice',
      to: 'bob',
      body: { kind: 'text', text: HARD_TEXT },
    },
  },
  conversations: { kind: 'conversations', to: 'bob' },
  missed: { kind: 'missed', to: 'bob' },
  signal: {
    kind: 'signal',
    to: 'bob',
    device: 'bob1',
    signal: {
      type: 'signal',
      call: 'call-0000000000000001',
      epoch: 1,
      body: { type: 'candidate', candidate: null, sdpMid: null },
    },
  } as unknown as Extract<Delivery, { kind: 'signal' }>,
  bound: { kind: 'bound', to: 'bob', device: 'bob1', version: 3 },
  invitation: { kind: 'invitation', to: 'bob', invitation },
  'rtm-message': {
    kind: 'rtm-message',
    to: 'bob',
    message: { type: 'rtm-message', from: 'alice', message: 'm1', text: HARD_TEXT },
  } as unknown as Extract<Delivery, { kind: 'rtm-message' }>,
  'rtm-heard': { kind: 'rtm-heard', to: 'bob', by: 'alice', message: 'm1' },
  ousted: { kind: 'ousted', to: 'bob', connections: ['c1', 'c2'] },
  spent: { kind: 'spent', to: 'bob', by: 'n1', act: 'join', channel: HARD_TEXT, count: 3 },
};

/** One of each kind to a channel. */
export const EACH_OF_CHANNEL: Readonly<{
  [K in ChannelDelivery['kind']]: Extract<ChannelDelivery, { kind: K }>;
}> = {
  'channel-message': {
    kind: 'channel-message',
    by: { user: 'alice', device: 'alice1' },
    message: { type: 'rtm-channel-message', channel: 'c', from: 'alice', text: HARD_TEXT },
  } as unknown as Extract<ChannelDelivery, { kind: 'channel-message' }>,
  'channel-attributes': {
    kind: 'channel-attributes',
    message: { type: 'rtm-attributes-changed', channel: 'c', attributes: [] },
  } as unknown as Extract<ChannelDelivery, { kind: 'channel-attributes' }>,
  'members-moved': { kind: 'members-moved' },
};

/** A message of so many characters; told apart by its number. */
export function numbered(n: number, size = 0, to = 'bob'): Delivery {
  const text = HARD_TEXT.repeat(Math.ceil(size / HARD_TEXT.length)).slice(0, size);
  return { kind: 'rtm-heard', to, by: text, message: String(n) };
}
