import type { Call, Command, Decision, Ended, Line, World } from '@ringline/call';
import { decide, isOfSide } from '@ringline/call';
import type { CallId, UserId } from '@ringline/protocol';
import { messageOfRecord } from '../records/record-message.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE, UNAVAILABLE, refusedWith } from '../steps/answer.ts';
import type { Dated } from '../steps/deadlines.ts';
import type { Order, Plan, RequestOrigin, StepRunner } from '../steps/step-runner.ts';
import { absentLine } from '../store/rows.ts';
import type { RtmScope } from '../store/rtm.ts';
import type { Device, Scope, Snapshot, Store } from '../store/store.ts';

/** A command, and what else happens in the step that carries it out. */
export interface CallOrder {
  readonly command: Command;
  /** Of a device's command. */
  readonly request?: RequestOrigin;
  /** How the acting device changes with it; a refusal stops the whole step. */
  readonly device?: (snapshot: Snapshot, now: number) => Device | Answer;
  /** What of RTM is loaded with it. */
  readonly rtm?: RtmScope;
}

/** Carries out commands on calls: the pure decision between one load and one commit. */
export class CallService {
  readonly #steps: StepRunner;

  constructor(steps: StepRunner) {
    this.#steps = steps;
  }

  /** Resolves once what was decided is durable; throws StoreFault when the store is away. */
  execute(order: CallOrder): Promise<Answer> {
    return this.#steps.run(stepsOrderOf(order));
  }

  /** The answer that it would have now without any call changing; undefined when a call would, and then nothing is done. */
  foresee(order: CallOrder): Promise<Answer | undefined> {
    return this.#steps.foresee(stepsOrderOf(order));
  }
}

function stepsOrderOf(order: CallOrder): Order {
  return {
    cause: causeOf(order.command),
    scope: { ...scopeOf(order), ...(order.rtm && { rtm: order.rtm }) },
    ...(order.request && { request: order.request }),
    plan: (snapshot, now) => planOf(order, snapshot, now),
  };
}

function planOf(order: CallOrder, snapshot: Snapshot, now: number): Plan {
  const { command, device: changed } = order;
  // A caller that was lost while its invitation was decided would ring for nobody.
  if (command.type === 'invite' && snapshot.actor?.binding === null) {
    return { answer: refusedWith(UNAVAILABLE) };
  }
  const device = changed?.(snapshot, now);
  if (device && 'kind' in device) return { answer: device };
  const decision = decide(worldOf(snapshot), command, now);
  return {
    answer: answerOf(decision),
    calls: decision.calls,
    lines: device ? withTouchedLine(decision.lines, device.user, snapshot) : decision.lines,
    expect: command.type === 'invite' ? snapshot.lines : [],
    ...(device && { device }),
    ...recordsOf(decision.calls),
  };
}

/**
 * A device that comes or goes moves its user's line, so that an invitation under way
 * at that moment is decided again and neither misses the device nor rings a ghost.
 */
function withTouchedLine(
  lines: readonly Line[],
  user: UserId,
  { lines: before }: Snapshot,
): readonly Line[] {
  if (lines.some((line) => line.user === user)) return lines;
  const line = before.find((each) => each.user === user) ?? absentLine(user);
  return [...lines, { ...line, version: line.version + 1 }];
}

/** A call that ends owes its record, and the record as a message to those who take it. */
function recordsOf(calls: readonly Call[]): Pick<Plan, 'records' | 'inbox'> {
  const over = calls.filter(isEnded);
  const told = over.filter(({ recordTo }) => recordTo.length > 0);
  return { records: over.map(({ record }) => record), inbox: told.map(messageOfRecord) };
}

function isEnded(call: Call): call is Ended {
  return call.state === 'ended';
}

function answerOf({ outcome }: Decision): Answer {
  if (!outcome.ok) return refusedWith(outcome.refusal);
  if (outcome.call === undefined) return DONE;
  return { kind: 'reply', reply: { type: 'invited', call: outcome.call } };
}

function worldOf({ calls, lines, devices }: Snapshot): World {
  return {
    calls,
    lines,
    devices: devices.map((device) => ({ ...device, speaksRtm: device.login !== null })),
  };
}

function causeOf(command: Command): Order['cause'] {
  return 'by' in command ? { type: command.type, by: command.by } : { type: command.type };
}

function scopeOf({ command, request, device }: CallOrder): Scope {
  const acting = (request || device) && 'by' in command ? { actor: command.by } : {};
  if (isOfSide(command)) return { users: [], call: command.call, ...acting };
  switch (command.type) {
    case 'invite':
      return {
        users: [command.by.user, command.to],
        call: command.call,
        devicesOf: [command.to],
        ...acting,
      };
    case 'bind':
      return { users: [command.by.user], devicesOf: [command.by.user], ...acting };
    case 'lose':
      return { users: [command.by.user], ...acting };
    case 'ring':
    case 'accept':
    case 'refuse':
    case 'cancel':
    case 'end':
    case 'expire':
      return { users: [], call: command.call, ...acting };
  }
}

/** Calls, as their deadlines are watched. */
export function datedCalls(store: Pick<Store, 'claimDueCalls'>, calls: CallService): Dated<CallId> {
  return {
    what: 'call',
    claim: (claim) => store.claimDueCalls(claim),
    expire: (call) => calls.execute({ command: { type: 'expire', call } }),
  };
}
