import { describe, expect, test } from 'vitest';
import type { Actor } from '../src/index.ts';
import {
  accept,
  cancel,
  connected,
  declare,
  end,
  refuse,
  refuseHere,
  ring,
} from './scene/commands.ts';
import { answer } from './scene/exchange.ts';
import { alice1, alice2, bob1, bob2, mallory1 } from './scene/people.ts';
import { ended, inviting, ringing, talking } from './scene/states.ts';

const STATES = {
  inviting,
  ringing,
  'ringing, refused on bob1': () => ringing().says(refuseHere(bob1)),
  established: talking,
  completed: () => ended('completed'),
  cancelled: () => ended('cancelled'),
  refused: () => ended('refused'),
};

const COMMANDS = { ring, accept, refuse, refuseHere, cancel, end, connected, declare };

const X = 'forbidden';
const W = 'wrong-state';
const E = 'answered-elsewhere';

/** For every state and command: what alice1, alice2, bob1 and bob2 are told. */
const ANSWERS: Record<keyof typeof STATES, Record<keyof typeof COMMANDS, readonly string[]>> = {
  inviting: {
    ring: [X, X, 'ok', 'ok'],
    accept: [X, X, 'ok', 'ok'],
    refuse: [X, X, 'ok', 'ok'],
    refuseHere: [X, X, 'ok', 'ok'],
    cancel: ['ok', X, X, X],
    end: ['ok', X, 'ok', 'ok'],
    connected: [W, W, W, W],
    declare: [W, W, W, W],
  },
  ringing: {
    ring: [X, X, 'ok', 'ok'],
    accept: [X, X, 'ok', 'ok'],
    refuse: [X, X, 'ok', 'ok'],
    refuseHere: [X, X, 'ok', 'ok'],
    cancel: ['ok', X, X, X],
    end: ['ok', X, 'ok', 'ok'],
    connected: [W, W, W, W],
    declare: [W, W, W, W],
  },
  'ringing, refused on bob1': {
    ring: [X, X, W, 'ok'],
    accept: [X, X, W, 'ok'],
    refuse: [X, X, 'ok', 'ok'],
    refuseHere: [X, X, 'ok', 'ok'],
    cancel: ['ok', X, X, X],
    end: ['ok', X, 'ok', 'ok'],
    connected: [W, W, W, W],
    declare: [W, W, W, W],
  },
  established: {
    ring: [X, X, W, W],
    accept: [X, X, 'ok', E],
    refuse: [X, X, W, E],
    refuseHere: [X, X, W, E],
    cancel: [W, X, X, X],
    end: ['ok', X, 'ok', E],
    connected: ['ok', X, 'ok', X],
    declare: ['ok', X, 'ok', X],
  },
  completed: {
    ring: [X, X, W, W],
    accept: [X, X, W, W],
    refuse: [X, X, W, W],
    refuseHere: [X, X, W, W],
    cancel: [W, X, X, X],
    end: ['ok', X, 'ok', 'ok'],
    connected: [W, W, W, W],
    declare: [W, W, W, W],
  },
  cancelled: {
    ring: [X, X, W, W],
    accept: [X, X, W, W],
    refuse: [X, X, W, W],
    refuseHere: [X, X, W, W],
    cancel: ['ok', X, X, X],
    end: ['ok', X, 'ok', 'ok'],
    connected: [W, W, W, W],
    declare: [W, W, W, W],
  },
  refused: {
    ring: [X, X, W, W],
    accept: [X, X, W, W],
    refuse: [X, X, 'ok', 'ok'],
    refuseHere: [X, X, 'ok', 'ok'],
    cancel: [W, X, X, X],
    end: ['ok', X, 'ok', 'ok'],
    connected: [W, W, W, W],
    declare: [W, W, W, W],
  },
};

describe.each(Object.entries(STATES))('a call that is %s', (state, build) => {
  test.each(Object.entries(COMMANDS))(
    '[CMD7] has an answer to %s for every device',
    (name, command) => {
      const tell = (actor: Actor) => answer(build().say(command(actor)));
      const expected = ANSWERS[state as keyof typeof STATES][name as keyof typeof COMMANDS];
      expect([alice1, alice2, bob1, bob2].map(tell)).toEqual(expected);
      expect(tell(mallory1)).toBe('unknown-call');
    },
  );
});
