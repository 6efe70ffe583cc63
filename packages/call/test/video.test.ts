import { VIDEO_CONSENT_MS, VIDEO_REQUEST_MS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../src/index.ts';
import {
  accept,
  answerVideo,
  connected,
  end,
  hold,
  removeVideo,
  requestVideo,
  resume,
} from './scene/commands.ts';
import type { Exchange } from './scene/exchange.ts';
import { answer } from './scene/exchange.ts';
import { alice1, alice2, bob1, bob2 } from './scene/people.ts';
import { ended, ringing, talking } from './scene/states.ts';

/** What both devices see of the picture: Alice's view, then Bob's. */
function seen(exchange: Exchange): readonly string[] {
  return [alice1, bob1].map((actor) => {
    const view = exchange.view(actor);
    if (view?.state !== 'established') return view?.state ?? 'nothing';
    const { media, videoRequest: request, videoEnd: last } = view;
    if (request) return `asked by ${request.by}, ${request.remainingMs} ms`;
    return last ? `${media}: ${last.why}${last.by ? ` by ${last.by}` : ''}` : media;
  });
}

const audio = () => talking({ media: 'audio' });

/** Both devices have media since this resume. */
function flowing(number: number) {
  return [alice1, bob1].map((actor: Actor) => connected(actor, { resume: number }));
}

describe('adding a picture', () => {
  test('[VID1] a side asks, and both see who and for how long', () => {
    const exchange = audio().says(requestVideo(bob1)).pass(1000);
    const left = VIDEO_REQUEST_MS - 1000;
    expect(seen(exchange)).toEqual([`asked by peer, ${left} ms`, `asked by self, ${left} ms`]);
  });

  test('[VID1] unanswered it expires, by nobody', () => {
    const exchange = audio().says(requestVideo(bob1)).wait(VIDEO_REQUEST_MS);
    expect(seen(exchange)).toEqual(['audio: expired', 'audio: expired']);
  });

  test('[VID2] once the other side agrees the picture is on, and the record is of a video call', () => {
    const exchange = audio().says(requestVideo(bob1), answerVideo(alice1));
    expect(seen(exchange)).toEqual(['video', 'video']);
    expect(exchange.says(removeVideo(alice1), end(alice1)).record().type).toBe('video');
    expect(audio().says(requestVideo(bob1), end(alice1)).record().type).toBe('audio');
  });

  test('[VID3] refused, or without pictures at all: both are told, and it may be asked again', () => {
    const refused = audio().says(requestVideo(bob1), answerVideo(alice1, { answer: 'refuse' }));
    expect(seen(refused)).toEqual(['audio: refused by self', 'audio: refused by peer']);
    refused.says(requestVideo(bob1), answerVideo(alice1, { answer: 'unsupported' }));
    expect(seen(refused)).toEqual(['audio: unsupported by self', 'audio: unsupported by peer']);
    expect(answer(refused.say(requestVideo(bob1)))).toBe('ok');
  });

  test('[VID4] two who ask at once have agreed', () => {
    const exchange = audio().says(requestVideo(alice1), requestVideo(bob1));
    expect(seen(exchange)).toEqual(['video', 'video']);
    expect(answer(exchange.say(answerVideo(bob1)))).toBe('ok');
  });

  test('[VID5] while somebody holds, or a resume is under way, nobody asks; nor without leave', () => {
    const exchange = audio().says(hold(alice1));
    const ask = (by: Actor) => answer(exchange.say(requestVideo(by)));
    expect([alice1, bob1].map(ask)).toEqual(['on-hold', 'on-hold']);
    exchange.says(resume(alice1));
    expect([alice1, bob1].map(ask)).toEqual(['on-hold', 'on-hold']);
    exchange.says(...flowing(1));
    expect(answer(exchange.say(requestVideo(bob1, { isPermitted: false })))).toBe('not-permitted');
    expect(ask(bob1)).toBe('ok');
  });

  test('[VID6] only the other side answers, and only what was asked', () => {
    const exchange = audio();
    const agree = (by: Actor, given = {}) => answer(exchange.say(answerVideo(by, given)));
    expect(agree(alice1)).toBe('wrong-state');
    exchange.says(requestVideo(bob1));
    expect(agree(bob1)).toBe('wrong-state');
    expect(agree(alice1)).toBe('ok');
    expect(agree(alice1)).toBe('ok');
    expect(agree(alice1, { answer: 'refuse' })).toBe('wrong-state');
  });

  test('[VID6] only the two devices of an established call have a say', () => {
    const commands = [hold, resume, requestVideo, answerVideo, removeVideo];
    const told = (exchange: Exchange, by: Actor) =>
      new Set(commands.map((command) => answer(exchange.say(command(by)))));
    expect(told(talking(), alice2)).toEqual(new Set(['forbidden']));
    expect(told(talking(), bob2)).toEqual(new Set(['forbidden']));
    expect(told(ringing(), alice1)).toEqual(new Set(['wrong-state']));
    expect(told(ended('completed'), bob1)).toEqual(new Set(['wrong-state']));
  });

  test('[VID7] [CMD3] the same request again changes nothing, and does not last longer', () => {
    const exchange = audio().says(requestVideo(bob1)).pass(20_000);
    const { version } = exchange.call();
    expect(answer(exchange.say(requestVideo(bob1)))).toBe('ok');
    expect(exchange.call().version).toBe(version);
    expect(seen(exchange)[1]).toBe('asked by self, 10000 ms');
  });
});

describe('removing a picture', () => {
  test('[VID8] either side ends it without asking', () => {
    expect(seen(talking().says(removeVideo(bob1)))).toEqual([
      'audio: removed by peer',
      'audio: removed by self',
    ]);
    expect(answer(audio().say(removeVideo(bob1)))).toBe('ok');
  });

  test('[VID8] then it is asked for again', () => {
    const exchange = talking().says(removeVideo(bob1), requestVideo(bob1));
    expect(seen(exchange)[0]).toMatch('asked by peer');
  });

  test('[VID9] a camera that fails after all ends it as well, and says so', () => {
    const exchange = audio().says(requestVideo(bob1), answerVideo(alice1));
    exchange.says(removeVideo(alice1, { cameraFailed: true }));
    expect(seen(exchange)).toEqual([
      'audio: camera-failed by self',
      'audio: camera-failed by peer',
    ]);
  });

  test('[VID10] whoever has asked withdraws; the other side only answers', () => {
    const exchange = audio().says(requestVideo(bob1));
    exchange.says(removeVideo(alice1));
    expect(seen(exchange)[0]).toMatch('asked by peer');
    exchange.says(removeVideo(bob1));
    expect(seen(exchange)).toEqual(['audio: withdrawn by peer', 'audio: withdrawn by self']);
    expect(answer(exchange.say(answerVideo(alice1)))).toBe('wrong-state');
  });
});

describe('a picture that a hold took away', () => {
  test('[VID11] comes back with the last resume, once there is sound, without a new request', () => {
    const exchange = talking().says(hold(alice1)).pass(VIDEO_CONSENT_MS).says(resume(alice1));
    expect(seen(exchange)).toEqual(['audio: held by self', 'audio: held by peer']);
    exchange.says(...flowing(1));
    expect(seen(exchange)).toEqual(['video', 'video']);
  });

  test('[VID12] is asked for by who resumes after a hold of over five minutes', () => {
    const exchange = talking()
      .says(hold(bob1))
      .pass(VIDEO_CONSENT_MS + 1);
    exchange.says(resume(bob1), ...flowing(1));
    expect(seen(exchange)).toEqual(['asked by peer, 30000 ms', 'asked by self, 30000 ms']);
  });

  test('[VID12] and whenever who resumes wants it so', () => {
    const exchange = talking().says(hold(bob1), resume(bob1, { askVideo: true }), ...flowing(1));
    expect(seen(exchange)[0]).toMatch('asked by peer');
    exchange.says(answerVideo(alice1));
    expect(seen(exchange)).toEqual(['video', 'video']);
  });

  test.each([
    ['while the other side holds too', [hold(bob1), resume(alice1, { askVideo: true })]],
    ['before the other side holds', [resume(alice1, { askVideo: true }), hold(bob1)]],
  ])(
    '[VID16] a side that wants it asked for asks once nobody holds any more: said %s',
    (_, says) => {
      const exchange = talking().says(hold(alice1), ...says, resume(bob1));
      exchange.says(...flowing(exchange.established().resumes));
      expect(seen(exchange)).toEqual(['asked by self, 30000 ms', 'asked by peer, 30000 ms']);
    },
  );

  test('[VID16] the newest word of a side counts, and the other side’s does not touch it', () => {
    const exchange = talking().says(hold(alice1), hold(bob1), resume(alice1, { askVideo: true }));
    exchange.says(hold(alice1), resume(bob1), resume(alice1), ...flowing(1));
    expect(seen(exchange)).toEqual(['video', 'video']);
  });

  test.each([
    ['whoever held first', [alice1, bob1]],
    ['whoever held last', [bob1, alice1]],
  ] as const)('[VID13] under two holds only the second resume brings it back: %s', (_, order) => {
    const exchange = talking().says(hold(alice1), hold(bob1), resume(order[0]));
    expect(exchange.established().video.state).toBe('off');
    exchange.says(resume(order[1]), ...flowing(1));
    expect(seen(exchange)).toEqual(['video', 'video']);
  });

  test('[VID13] five minutes run from the first hold', () => {
    const exchange = talking().says(hold(alice1)).pass(VIDEO_CONSENT_MS);
    exchange
      .says(hold(bob1), resume(alice1))
      .pass(1)
      .says(resume(bob1), ...flowing(1));
    expect(seen(exchange)[0]).toMatch('asked by peer');
  });

  test.each([
    ['the holder', alice1],
    ['the held side', bob1],
  ])('[VID14] does not come back when it is removed meanwhile, by %s', (_, by) => {
    const exchange = talking().says(hold(alice1), removeVideo(by), resume(alice1), ...flowing(1));
    expect(exchange.established().video.state).toBe('off');
  });

  test('[VID14] nor one that was removed before the hold, in the vendors’ order', () => {
    const exchange = talking().says(removeVideo(alice1), hold(alice1), resume(alice1));
    exchange.says(...flowing(1));
    expect(exchange.established().video.state).toBe('off');
  });

  test('[VID15] a call accepted as audio has no picture to set aside', () => {
    const exchange = ringing().says(accept(bob1, { media: 'audio' }), hold(bob1), resume(bob1));
    exchange.says(...flowing(1));
    expect(seen(exchange)).toEqual(['audio', 'audio']);
  });
});
