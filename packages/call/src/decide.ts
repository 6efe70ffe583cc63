import type { Command, SideCommand } from './command.ts';
import { isOfSide } from './command.ts';
import { accept } from './decide/accept.ts';
import { bind } from './decide/bind.ts';
import { cancel, end } from './decide/end.ts';
import { connected } from './decide/connected.ts';
import { hold } from './decide/hold.ts';
import { resume } from './decide/resume.ts';
import { swap } from './decide/swap.ts';
import { answerVideo, removeVideo, requestVideo } from './decide/video.ts';
import { declare } from './decide/declare.ts';
import { expire } from './decide/expire.ts';
import { invite } from './decide/invite.ts';
import { lose } from './decide/lose.ts';
import { refuse } from './decide/refuse.ts';
import { ring } from './decide/ring.ts';
import type { Decision, World } from './decision.ts';

/**
 * What a command does to the calls and lines that it concerns, or why it does nothing.
 * Pure: the same world, command and time give the same decision.
 */
export function decide(world: World, command: Command, now: number): Decision {
  return decideAt(world, command, Math.max(now, ...world.calls.map((call) => call.changedAt)));
}

function decideAt(world: World, command: Command, now: number): Decision {
  if (isOfSide(command)) return decideForSide(world, command, now);
  switch (command.type) {
    case 'invite':
      return invite(world, command, now);
    case 'ring':
      return ring(world, command, now);
    case 'accept':
      return accept(world, command, now);
    case 'refuse':
      return refuse(world, command, now);
    case 'cancel':
      return cancel(world, command, now);
    case 'end':
      return end(world, command, now);
    case 'bind':
      return bind(world, command, now);
    case 'lose':
      return lose(world, command, now);
    case 'expire':
      return expire(world, command, now);
  }
}

function decideForSide(world: World, command: SideCommand, now: number): Decision {
  switch (command.type) {
    case 'connected':
      return connected(world, command, now);
    case 'hold':
      return hold(world, command, now);
    case 'resume':
      return resume(world, command, now);
    case 'swap':
      return swap(world, command, now);
    case 'request-video':
      return requestVideo(world, command, now);
    case 'answer-video':
      return answerVideo(world, command, now);
    case 'remove-video':
      return removeVideo(world, command, now);
    case 'declare':
      return declare(world, command, now);
  }
}
