import type { CallId, DeviceMessage, UserId } from '@ringline/protocol';
import { encode } from '@ringline/protocol';

/** The two devices of a call. */
export const SIDES = ['caller', 'callee'] as const;
export type Side = (typeof SIDES)[number];

/** What a device needs to know for its next message. */
export interface Moment {
  readonly call: CallId;
  readonly callee: UserId;
  readonly seq: number;
  /** The inbox item that it got last. */
  readonly cursor: number;
}

/** One message of a device in the course of a call. */
export interface Step {
  readonly name: string;
  readonly by: Side;
  readonly message: (moment: Moment) => DeviceMessage;
}

/** One completed call. A phase begins when both devices have heard all that the one before it brings. */
export const PHASES: readonly (readonly Step[])[] = [
  [
    {
      name: 'invite',
      by: 'caller',
      message: ({ call, callee, seq }) => ({
        type: 'invite',
        seq,
        call,
        to: callee,
        media: 'audio',
      }),
    },
  ],
  [
    {
      name: 'ring',
      by: 'callee',
      message: ({ call, seq }) => ({ type: 'ring', seq, call, receipt: 'alerting' }),
    },
  ],
  [
    {
      name: 'accept',
      by: 'callee',
      message: ({ call, seq }) => ({ type: 'accept', seq, call }),
    },
  ],
  bothSay('connected', ({ call, seq }) => ({ type: 'connected', seq, call, epoch: 1 })),
  [{ name: 'end', by: 'caller', message: ({ call, seq }) => ({ type: 'end', seq, call }) }],
  bothSay('acknowledge', ({ cursor }) => ({ type: 'acknowledge', cursor })),
];

function bothSay(name: string, message: Step['message']): readonly Step[] {
  return SIDES.map((by) => ({ name, by, message }));
}

/** The text of one frame. */
export function textOf(step: Step, moment: Moment): string {
  return encode(step.message(moment));
}

/** The pair whose call is recorded; load takes other ones. */
export const RECORDED_PAIR = 999_999;

/** The user on one side of a numbered pair. */
export function userOf(side: Side, pair: number): UserId {
  return `${side}-${String(pair).padStart(6, '0')}`;
}

/** Hello of a device that remembers nothing. */
export function helloOf(side: Side, pair: number, token: string): string {
  const device = `device-1-of-${userOf(side, pair)}`;
  return encode({ type: 'hello', versions: [1], token, device, calls: [] });
}

/** Ids as devices make them: the pair, the number of its call, and padding to 22 characters. */
export function callIdOf(pair: number, call: number): CallId {
  return `c${pair}-${call}-`.padEnd(22, 'x');
}
