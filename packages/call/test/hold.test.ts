import { CONNECT_TIMEOUT_MS, GRACE_MS, RESUME_TIMEOUT_MS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../src/index.ts';
import {
  accept,
  bind,
  connected,
  end,
  hold,
  reload,
  requestVideo,
  resume,
} from './scene/commands.ts';
import type { Exchange } from './scene/exchange.ts';
import { answer } from './scene/exchange.ts';
import { alice1, bob1 } from './scene/people.ts';
import { established, inviting, talking } from './scene/states.ts';

/** What both devices see of hold and resume: Alice's view, then Bob's. */
function seen(exchange: Exchange): readonly string[] {
  return [alice1, bob1].map((actor) => {
    const view = exchange.view(actor);
    if (view?.state !== 'established') return view?.state ?? 'nothing';
    const { held, peerHolds, resuming, media } = view;
    const words = [held && 'holds', peerHolds && 'held', resuming && `resumes by ${resuming.by}`];
    return [...words, media].filter(Boolean).join(', ');
  });
}

const audio = () => talking({ media: 'audio' });

function flows(actor: Actor, number: number, epoch = 1) {
  return connected(actor, { epoch, resume: number });
}

describe('hold', () => {
  test('[HLD1] either side holds, and each is told; the call goes on', () => {
    expect(seen(audio().says(hold(alice1)))).toEqual(['holds, audio', 'held, audio']);
    expect(seen(audio().says(hold(bob1)))).toEqual(['held, audio', 'holds, audio']);
  });

  test('[HLD1] also before media flow: the call still has to connect in time', () => {
    const exchange = established({ media: 'audio' }).says(hold(alice1));
    expect(seen(exchange)).toEqual(['holds, audio', 'held, audio']);
    exchange.says(connected(alice1), connected(bob1));
    expect(exchange.established().connectedAt).toBe(exchange.now);
  });

  test.each([
    ['Alice, then Bob', [alice1, bob1]],
    ['Bob, then Alice', [bob1, alice1]],
  ])('[HLD2] both hold, each for itself: %s', (_, actors) => {
    const exchange = audio().says(...actors.map((actor) => hold(actor)));
    expect(seen(exchange)).toEqual(['holds, held, audio', 'holds, held, audio']);
  });

  test('[HLD3] [CMD3] a hold of a side that holds changes nothing', () => {
    const exchange = audio().says(hold(alice1), hold(bob1));
    const { version } = exchange.call();
    expect([alice1, bob1].map((actor) => answer(exchange.say(hold(actor))))).toEqual(['ok', 'ok']);
    expect(exchange.call().version).toBe(version);
  });

  test('[HLD4] what the policy does not permit is refused, and nothing changes', () => {
    const exchange = talking();
    expect(answer(exchange.say(hold(alice1, { isPermitted: false })))).toBe('not-permitted');
    expect(seen(exchange)).toEqual(['video', 'video']);
    const unholdable = inviting({ isHoldable: false }).says(accept(bob1));
    expect(answer(unholdable.say(hold(bob1)))).toBe('not-permitted');
  });

  test('[HLD5] a hold takes the picture away, and says so to both', () => {
    const exchange = talking().says(hold(bob1));
    expect(seen(exchange)).toEqual(['held, audio', 'holds, audio']);
    expect(exchange.view(alice1)).toMatchObject({ videoEnd: { why: 'held', by: 'peer' } });
    expect(exchange.view(bob1)).toMatchObject({ videoEnd: { why: 'held', by: 'self' } });
  });

  test.each([
    ['its own', alice1],
    ['the other side’s', bob1],
  ])('[HLD5] it withdraws a request for a picture: %s', (_, asking) => {
    const exchange = audio().says(requestVideo(asking), hold(alice1));
    expect(exchange.established().video).toEqual({ state: 'off' });
    expect(exchange.view(bob1)).toMatchObject({ videoEnd: { why: 'held', by: 'peer' } });
    expect(exchange.established().setAside).toBeNull();
  });

  test('[HLD6] while its own resume is under way a side cannot hold', () => {
    const exchange = audio().says(hold(alice1), resume(alice1));
    expect(answer(exchange.say(hold(alice1)))).toBe('in-progress');
    exchange.says(flows(alice1, 1), flows(bob1, 1));
    expect(answer(exchange.say(hold(alice1)))).toBe('ok');
  });

  test('[HLD6] a hold of the other side makes a resume succeed, and stands', () => {
    const exchange = talking().says(hold(alice1), resume(alice1), hold(bob1));
    expect(seen(exchange)).toEqual(['held, audio', 'holds, audio']);
    exchange.wait(RESUME_TIMEOUT_MS);
    expect(exchange.call().state).toBe('established');
  });

  test('[HLD7] the time of a hold counts as talking time', () => {
    const exchange = audio().pass(1000).says(hold(alice1)).pass(5000).says(end(bob1));
    expect(exchange.durations()).toEqual([6, 6]);
    expect(exchange.record()).toMatchObject({ reason: 'completed', type: 'audio' });
  });

  test('[HLD8] holds and what was set aside stand over losses and reloads', () => {
    const exchange = talking().says(hold(alice1));
    exchange.lose(bob1).pass(1000).says(reload(bob1));
    exchange.lose(alice1).pass(1000).says(bind(alice1));
    expect(seen(exchange)).toEqual(['holds, audio', 'held, audio']);
    exchange.says(resume(alice1), flows(alice1, 1, 2), flows(bob1, 1, 2));
    expect(seen(exchange)).toEqual(['video', 'video']);
  });

  test('[HLD8] whoever is lost for good while it is held ends the call as ever', () => {
    const exchange = talking().says(hold(alice1)).lose(alice1).wait(GRACE_MS);
    expect(exchange.record()).toMatchObject({ reason: 'connection-lost', type: 'video' });
  });
});

describe('resume', () => {
  test('[RSM1] only the side that holds resumes', () => {
    const exchange = audio();
    expect(answer(exchange.say(resume(alice1)))).toBe('wrong-state');
    exchange.says(hold(alice1));
    expect(answer(exchange.say(resume(bob1)))).toBe('wrong-state');
    exchange.says(resume(alice1));
    expect(answer(exchange.say(resume(bob1)))).toBe('wrong-state');
  });

  test('[RSM2] a resume that leaves the other hold standing is done at once, without a picture', () => {
    const exchange = talking().says(hold(alice1), hold(bob1), resume(alice1));
    expect(seen(exchange)).toEqual(['held, audio', 'holds, audio']);
    exchange.wait(RESUME_TIMEOUT_MS * 2);
    expect(seen(exchange)).toEqual(['held, audio', 'holds, audio']);
  });

  test('[RSM3] one that clears the last hold lasts until both devices have media again', () => {
    const exchange = audio().says(hold(alice1), resume(alice1));
    expect(seen(exchange)).toEqual(['resumes by self, audio', 'resumes by peer, audio']);
    exchange.says(flows(bob1, 1));
    expect(seen(exchange)[0]).toBe('resumes by self, audio');
    exchange.says(flows(alice1, 1)).wait(RESUME_TIMEOUT_MS);
    expect(seen(exchange)).toEqual(['audio', 'audio']);
  });

  test('[RSM4] a report that names an earlier resume, an earlier epoch or none does not count', () => {
    const exchange = audio().says(hold(alice1), resume(alice1), flows(alice1, 1), flows(bob1, 1));
    exchange.says(hold(bob1), resume(bob1), flows(alice1, 1), flows(bob1, 1));
    exchange.says(connected(alice1), flows(alice1, 2, 0), flows(bob1, 2));
    expect(seen(exchange)).toEqual(['resumes by peer, audio', 'resumes by self, audio']);
    exchange.says(flows(alice1, 2));
    expect(seen(exchange)).toEqual(['audio', 'audio']);
  });

  test('[RSM5] without media in time it has failed, and ends the call at that instant, by nobody', () => {
    const exchange = audio().says(hold(alice1), resume(alice1), flows(bob1, 1));
    const failsAt = exchange.now + RESUME_TIMEOUT_MS;
    exchange.wait(RESUME_TIMEOUT_MS - 1);
    expect(exchange.call().state).toBe('established');
    exchange.wait(5000);
    expect(exchange.record()).toMatchObject({
      reason: 'resume-failed',
      status: 1,
      endedAt: failsAt,
      endedBy: null,
    });
    expect([exchange.sees(alice1), exchange.sees(bob1)]).toEqual([
      'ended: resume-failed',
      'ended: resume-failed',
    ]);
  });

  test('[RSM6] its clock stands still while a device is lost, since the moment of the loss', () => {
    const exchange = audio().says(hold(alice1), resume(alice1)).pass(4000);
    exchange.lose(bob1).wait(20_000).says(bind(bob1));
    exchange.wait(RESUME_TIMEOUT_MS - 4000 - 1);
    expect(exchange.call().state).toBe('established');
    exchange.wait(1);
    expect(exchange.sees(alice1)).toBe('ended: resume-failed');
  });

  test('[RSM6] begun while the other device is lost, it has its whole time after the return', () => {
    const exchange = audio().says(hold(alice1)).lose(bob1).says(resume(alice1));
    exchange
      .wait(15_000)
      .says(bind(bob1))
      .wait(RESUME_TIMEOUT_MS - 1);
    expect(exchange.call().state).toBe('established');
    exchange.says(flows(alice1, 1), flows(bob1, 1));
    expect(seen(exchange)).toEqual(['audio', 'audio']);
  });

  test('[RSM9] before media have connected the time to connect is the limit, and its own begins then', () => {
    const slow = () => established({ media: 'audio' }).says(hold(alice1), resume(alice1));
    const exchange = slow().wait(CONNECT_TIMEOUT_MS - 1);
    expect(exchange.call().state).toBe('established');
    exchange.says(connected(alice1), connected(bob1)).wait(RESUME_TIMEOUT_MS - 1);
    expect(seen(exchange)[0]).toBe('resumes by self, audio');
    exchange.wait(1);
    expect(exchange.sees(alice1)).toBe('ended: resume-failed');
    expect(slow().wait(CONNECT_TIMEOUT_MS).sees(alice1)).toBe('ended: media-failed');
  });

  test('[RSM9] the reports that connect the call are those of its resume as well', () => {
    const exchange = established({ media: 'audio' }).says(hold(alice1), resume(alice1));
    exchange.wait(RESUME_TIMEOUT_MS + 1000).says(flows(alice1, 1), flows(bob1, 1));
    expect(seen(exchange)).toEqual(['audio', 'audio']);
    expect(exchange.established().connectedAt).toBe(exchange.now);
  });

  test('[RSM6] [RSM9] a device that comes back before media have connected sets no clock of the resume going', () => {
    const exchange = established({ media: 'audio' }).says(hold(alice1), resume(alice1));
    exchange
      .lose(bob1)
      .wait(20_000)
      .says(bind(bob1))
      .wait(RESUME_TIMEOUT_MS + 1000);
    expect(exchange.call().state).toBe('established');
  });

  test('[RSM7] a page that is loaded anew meanwhile makes both report again', () => {
    const exchange = audio().says(hold(alice1), resume(alice1), flows(alice1, 1));
    exchange.says(reload(bob1), flows(bob1, 1, 2));
    expect(seen(exchange)[0]).toBe('resumes by self, audio');
    exchange.says(flows(alice1, 1, 2));
    expect(seen(exchange)).toEqual(['audio', 'audio']);
  });

  test('[RSM8] [CMD3] the same resume again changes nothing', () => {
    const exchange = audio().says(hold(alice1), resume(alice1));
    const { version } = exchange.call();
    expect(answer(exchange.say(resume(alice1)))).toBe('ok');
    expect(exchange.call().version).toBe(version);
  });
});
