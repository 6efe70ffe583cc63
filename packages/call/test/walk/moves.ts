import type { Actor, Call, Command, End, SideCommand } from '../../src/index.ts';
import { isOfSide, isOpen } from '../../src/index.ts';
import {
  accept,
  answerVideo,
  bind,
  cancel,
  connected,
  declare,
  end,
  expire,
  hold,
  invite,
  lose,
  refuse,
  refuseHere,
  reload,
  removeVideo,
  requestVideo,
  resume,
  ring,
  swap,
} from '../scene/commands.ts';
import { isAlike } from './key.ts';
import type { Position } from './position.ts';
import { CALLS, DEVICES, USERS } from './position.ts';

const LONG_AGO_MS = 1_000_000_000;

/**
 * Everything that anybody can do here. Of two devices of one user that are in the same place only
 * one acts; commands that name an ended call stand apart, for they change nothing.
 */
export function movesFrom(position: Position): readonly Command[] {
  const actors = DEVICES.filter((actor, i) => {
    const earlier = DEVICES[i - 1];
    return !earlier || !isAlike(position, earlier, actor);
  });
  const present = actors.filter((actor) => position.bound.includes(actor));
  return [
    ...actors.map((by) => bind(by)),
    ...actors.map((by) => reload(by)),
    ...actors.map((by) => lose(by, position.now - 1)),
    ...present.flatMap((by) => invitationsBy(by, position.takesSecond.includes(by.user))),
    ...position.calls.filter(isOpen).flatMap((call) => movesOn(call, actors)),
    cancel(DEVICES[0] as Actor, { call: 'call-0' }),
    expire('call-0'),
  ];
}

/** Everything that anybody can say of this call. Devices that are lost may still have something on its way. */
export function movesOn(call: Call, actors = DEVICES): readonly Command[] {
  return [...actors.flatMap((by) => movesOf(by, call)), expire(call.id)];
}

function movesOf(by: Actor, { id, ...call }: Call): readonly Command[] {
  const named = { call: id };
  const epoch = 'epoch' in call ? call.epoch : 1;
  const resumes = 'resumes' in call ? call.resumes : 1;
  return [
    ring(by, named),
    ring(by, { ...named, receipt: 'silent', silence: 'no-microphone' }),
    accept(by, named),
    refuse(by, named),
    refuseHere(by, named),
    refuseHere(by, { ...named, isUnseen: true }),
    cancel(by, named),
    end(by, named),
    end(by, { ...named, ageMs: LONG_AGO_MS }),
    end(by, { ...named, resumesOther: true }),
    connected(by, { ...named, epoch }),
    connected(by, { ...named, epoch: epoch - 1 }),
    connected(by, { ...named, epoch, resume: resumes }),
    hold(by, named),
    hold(by, { ...named, isPermitted: false }),
    resume(by, named),
    resume(by, { ...named, askVideo: true }),
    swap(by, named),
    swap(by, { ...named, isPermitted: false }),
    requestVideo(by, named),
    requestVideo(by, { ...named, isPermitted: false }),
    answerVideo(by, named),
    answerVideo(by, { ...named, answer: 'refuse' }),
    answerVideo(by, { ...named, answer: 'unsupported' }),
    removeVideo(by, named),
    removeVideo(by, { ...named, cameraFailed: true }),
    declare(by, { ...named, microphone: false, camera: false }),
    declare(by, { ...named, microphone: true, camera: true }),
  ];
}

/**
 * Only devices that are there invite: what a socket brought is decided before its loss, and
 * an invitation is the one command whose device the machine does not know from before.
 */
function invitationsBy(by: Actor, mayHoldOther: boolean): readonly Command[] {
  return USERS.flatMap((to) => CALLS.map((call) => invite(by, to, { call, mayHoldOther })));
}

/** The command in a few words, for the path to a violation. */
export function wordsFor(command: Command): string {
  if (isOfSide(command)) return wordsForSide(command);
  switch (command.type) {
    case 'bind':
      return `${command.by.device} ${command.holds.length > 0 ? 'is there' : 'is loaded anew'}`;
    case 'lose':
      return `${command.by.device} is lost`;
    case 'expire':
      return `${command.call} expires`;
    case 'invite':
      return `${command.by.device} invites ${command.to} to ${command.call}`;
    case 'ring':
      return `${command.by.device} rings ${command.call} (${command.receipt})`;
    case 'accept':
      return `${command.by.device} accepts ${command.call}`;
    case 'refuse':
      return `${command.by.device} refuses ${command.call} ${command.everywhere ? 'everywhere' : command.isUnseen ? 'here, unseen' : 'here'}`;
    case 'cancel':
      return `${command.by.device} cancels ${command.call}`;
    case 'end':
      return `${command.by.device} ends ${command.call}${wordsForEnd(command)}`;
  }
}

function wordsForEnd({ ageMs, resumesOther }: End): string {
  if (resumesOther) return ' and resumes the other';
  return ageMs > 0 ? ' (long ago)' : '';
}

function wordsForSide(command: SideCommand): string {
  switch (command.type) {
    case 'declare':
      return `${command.by.device} declares ${command.microphone ? 'sound' : 'silence'} in ${command.call}`;
    case 'connected':
      return `${command.by.device} has media in ${command.call} (epoch ${command.epoch}, resume ${command.resume})`;
    case 'hold':
      return `${command.by.device} holds ${command.call}`;
    case 'resume':
      return `${command.by.device} resumes ${command.call}${command.askVideo ? ', asking for video' : ''}`;
    case 'swap':
      return `${command.by.device} swaps for ${command.call}`;
    case 'request-video':
      return `${command.by.device} asks for video in ${command.call}`;
    case 'answer-video':
      return `${command.by.device} answers the request in ${command.call}: ${command.answer}`;
    case 'remove-video':
      return `${command.by.device} removes video of ${command.call}`;
  }
}
