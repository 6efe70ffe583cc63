import type { Conversation } from '@ringline/protocol';
import type { Call } from './call.ts';
import type { DeviceReplaced } from './media/devices.ts';
import type { MediaDevice } from './media/device-list.ts';
import type { Message } from './messages/message.ts';
import type { Presence } from './presence/presence-watch.ts';
import type { RinglineClient } from './ringline-client.ts';
import type { ConnectionChange } from './signalling/signalling.ts';

/** What a client tells. Calls and messages that come before anybody listens wait for the first listener. */
export interface ClientEvents {
  /** Somebody calls: answer with `accept()` or `refuse()`. */
  incoming: Call;
  /** The page was loaded anew during this call, which goes on: attach elements to it. */
  restored: Call;
  /** A message, a record of a call, or a message this user sent from any device: each once, in order. */
  message: Message;
  /** What is unread of a peer has changed, what of this user's messages has come there, or what was read: by anybody. */
  conversationChanged: Conversation;
  /** A watched user came or went, or was told of for the first time. */
  presenceChanged: Presence;
  /** How many calls this user missed and has not seen. */
  missedChanged: number;
  connectionChanged: ConnectionChange;
  /** The server's voice says something else, or nothing more: `voice` says what. */
  voiceChanged: RinglineClient;
  /** A microphone, camera or speaker was plugged in or out: all that there are now. */
  devicesChanged: readonly MediaDevice[];
  /** A device was lost in a call, or is back, and the next best one took over. */
  deviceReplaced: DeviceReplaced;
}
