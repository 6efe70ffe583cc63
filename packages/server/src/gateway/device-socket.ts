import type { Alive, CloseName, Heartbeat, Refusal, ServerMessage } from '@ringline/protocol';

/** A connection as the device bound to it speaks through it. */
export interface DeviceSocket {
  /** Tells sockets of one device apart. */
  readonly name: string;
  /** Nobody is there any more who hears what is sent. */
  isClosed(): boolean;
  send(message: ServerMessage): void;
  /** Queues one frame; a device that reads too slowly is closed and comes back. */
  sendFrame(frame: string): void;
  refuse(re: number, why: Refusal): void;
  /** Answers it, unless it waited for so long that it was refused. */
  answer(heartbeat: Heartbeat, alive: Alive): void;
  /** Closes with a documented code; the device is lost from this moment. */
  close(name: CloseName): void;
  /** The device has a first open call, or none any more: a loss must be seen sooner, or may be later. */
  callsChanged(): void;
  /** Waits for somebody else's answer about an invitation whose turn it is; the signal tells that it was cancelled. */
  untilAnswered<T>(ask: (withdrawal: AbortSignal) => Promise<T>): Promise<T>;
  /** Waits until then with the message whose turn it is; false as soon as another one of the device waits behind it. */
  unlessFollowed(until: Promise<void>): Promise<boolean>;
}
