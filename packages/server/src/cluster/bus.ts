import type { Actor, Call, Invitation } from '@ringline/call';
import type {
  DeviceId,
  InboxItem,
  RtmAttributesChanged,
  RtmChannelMessage,
  RtmMessage,
  RtmMessageId,
  SignalReceived,
  UserId,
} from '@ringline/protocol';
import type { RtmAct } from '../rtm/rates.ts';

/** What is said to pages that speak RTM, and to no other device. */
export type RtmDelivery =
  | { readonly kind: 'invitation'; readonly to: UserId; readonly invitation: Invitation }
  | { readonly kind: 'rtm-message'; readonly to: UserId; readonly message: RtmMessage }
  /** A page of `by` has the message that this user sent. */
  | {
      readonly kind: 'rtm-heard';
      readonly to: UserId;
      readonly by: UserId;
      readonly message: RtmMessageId;
    }
  /** A newer login took the place of those on these connections, which are closed. */
  | { readonly kind: 'ousted'; readonly to: UserId; readonly connections: readonly string[] };

/** What one node tells whichever nodes hold a user's devices. Losing one delays a device until its heartbeat, no longer. */
export type Delivery =
  | { readonly kind: 'call'; readonly to: UserId; readonly call: Call }
  | { readonly kind: 'inbox'; readonly to: UserId; readonly item: InboxItem }
  /** Conversations of the user changed: what is true of them is read from the store. */
  | { readonly kind: 'conversations'; readonly to: UserId }
  /** The count of its missed calls may be another: it is read from the store. */
  | { readonly kind: 'missed'; readonly to: UserId }
  | {
      readonly kind: 'signal';
      readonly to: UserId;
      readonly device: DeviceId;
      readonly signal: SignalReceived;
    }
  /** The device has a newer connection, and this version by it: sockets by which it had an older one are closed. */
  | {
      readonly kind: 'bound';
      readonly to: UserId;
      readonly device: DeviceId;
      readonly version: number;
    }
  | Spent
  | RtmDelivery;

/**
 * The user has drawn on a budget at the node `by`, so many times since it said so last. Only of users who
 * ask much; nodes at which the user asks much hear it, with or without a device of the user.
 */
export interface Spent {
  readonly kind: 'spent';
  readonly to: UserId;
  /** The incarnation of the node, which knows its own word by it. */
  readonly by: string;
  /** What the budget is for. */
  readonly act: 'hello' | 'expired-hello' | 'command' | 'rest' | RtmAct;
  /** Of those acts of RTM that are counted by channel. */
  readonly channel?: string;
  /** A whole number from 1. */
  readonly count: number;
}

/** What one node tells whichever nodes hold members of a channel. */
export type ChannelDelivery =
  | {
      readonly kind: 'channel-message';
      /** Whose page does not hear it. */
      readonly by: Actor;
      readonly message: RtmChannelMessage;
    }
  | { readonly kind: 'channel-attributes'; readonly message: RtmAttributesChanged }
  /** Somebody came or went: who is there is read from the store. */
  | { readonly kind: 'members-moved' };

/** Carries deliveries between nodes, in the order given for one user and node, and loses them when it must. */
export interface Bus {
  /** Never throws and never waits. */
  publish(delivery: Delivery): void;
  /** Hear what is published to a user, until the returned function is called. */
  subscribe(user: UserId, hear: (delivery: Delivery) => void): () => void;
  /** Tells the nodes that watch this user that it came or went. Losing it delays what they know until they look again. */
  publishMove(user: UserId): void;
  /** Hear that this user came or went, until the returned function is called. */
  watch(user: UserId, hear: () => void): () => void;
  /** As `publish`, to the members of a channel; in the order given for one channel and node. */
  publishToChannel(channel: string, delivery: ChannelDelivery): void;
  /** Hear what is published to a channel, until the returned function is called. */
  subscribeToChannel(channel: string, hear: (delivery: ChannelDelivery) => void): () => void;
  /**
   * Resolves once whatever was asked to be heard until now is, from every node: what the store says
   * from then on is either read or heard. At once while the bus is away, and after a while when it is
   * slow: of what was lost by then a gap is told. Never rejects.
   */
  listening(): Promise<void>;
  /**
   * Hear, until the returned function is called, that deliveries may have been lost since the last
   * time, and that no more are being lost for the same reason: what they told of is to be read from the store.
   */
  onGap(hear: () => void): () => void;
  /** What was committed may not have been published: all nodes, this one too, hear of a gap. */
  publishGap(): void;
  close(): Promise<void>;
}

/** Whether it concerns pages that speak RTM alone. */
export function isRtmDelivery(delivery: Delivery): delivery is RtmDelivery {
  return Object.hasOwn(RTM_DELIVERIES, delivery.kind);
}

const RTM_DELIVERIES: Readonly<Record<RtmDelivery['kind'], true>> = {
  invitation: true,
  'rtm-message': true,
  'rtm-heard': true,
  ousted: true,
};
