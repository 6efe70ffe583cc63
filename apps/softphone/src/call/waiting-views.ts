import type { Call, Media, Peer } from '@ringline/client';
import { errorText } from '../error-text.ts';
import { text } from '../text/text.ts';
import { textButton } from '../ui/button.ts';
import { h, show } from '../ui/dom.ts';
import { Caption } from './caption.ts';
import type { Attempt, StageView } from './stage-view.ts';
import { endedText, outgoingText, peerName } from './wording.ts';

const nothing = () => undefined;

function card(caption: Caption, ...buttons: readonly HTMLElement[]): HTMLElement {
  return h('div', { class: 'card' }, caption.element, h('div', { class: 'actions' }, ...buttons));
}

/** The user has called, and the microphone is being opened. */
export function startingView(peer: Peer, cancel: () => void): StageView {
  const caption = new Caption(peer.name ?? peer.user, peer.user);
  caption.say(text.call.openingDevices);
  const button = textButton(text.call.cancel, cancel, { class: 'button danger' });
  return { element: card(caption, button), update: nothing, close: nothing };
}

/** It rings at the other side. */
export function outgoingView(call: Call, attempt: Attempt, dismiss: () => void): StageView {
  const caption = new Caption(peerName(call), call.peer.user);
  const cancel = textButton(
    text.call.cancel,
    () => {
      attempt(() => call.cancel());
      dismiss();
    },
    { class: 'button danger' },
  );
  const update = () => caption.say(outgoingText(call, text));
  return { element: card(caption, cancel), update, close: nothing };
}

/** It rings here. */
export function incomingView(call: Call, attempt: Attempt, dismiss: () => void): StageView {
  const caption = new Caption(peerName(call), call.peer.user);
  const isVideo = call.media === 'video';
  const { acceptVideo, acceptAudio, acceptAsAudio, refuse, refuseHere } = text.call;
  const buttons: HTMLButtonElement[] = [];
  const accept = (media: Media) =>
    attempt(async () => {
      for (const button of buttons) button.disabled = true;
      caption.say(text.call.openingDevices);
      try {
        await call.accept({ media });
      } finally {
        for (const button of buttons) button.disabled = false;
        update();
      }
    });
  const leave = (everywhere: boolean) => {
    attempt(() => call.refuse({ everywhere }));
    dismiss();
  };
  const answer = isVideo ? acceptVideo : acceptAudio;
  const primary = textButton(answer, () => accept(call.media), { class: 'button accept' });
  const plain = textButton(acceptAsAudio, () => accept('audio'));
  const no = textButton(refuse, () => leave(true), { class: 'button danger' });
  const here = textButton(refuseHere, () => leave(false), { class: 'button link' });
  buttons.push(primary, plain, no, here);
  show(plain, isVideo);
  const update = () => caption.say(isVideo ? text.call.incomingVideo : text.call.incomingAudio);
  return { element: card(caption, ...buttons), update, close: nothing };
}

/** What a call that is over, or did not begin, offers. */
export interface AfterActions {
  again(peer: Peer, media: Media): void;
  dismiss(): void;
}

function after(caption: Caption, peer: Peer, media: Media, actions: AfterActions): HTMLElement {
  const again = textButton(text.call.again, () => actions.again(peer, media), {
    class: 'button accept',
  });
  return card(
    caption,
    again,
    textButton(text.call.close, () => actions.dismiss()),
  );
}

/** The call is over. */
export function endedView(call: Call, actions: AfterActions): StageView {
  const caption = new Caption(peerName(call), call.peer.user);
  const update = () => caption.say(endedText(call, text));
  const element = after(caption, call.peer, call.media, actions);
  return { element, update, close: nothing };
}

/** The call did not begin. */
export function failedView(
  { peer, media, error }: { peer: Peer; media: Media; error: unknown },
  actions: AfterActions,
): StageView {
  const caption = new Caption(peer.name ?? peer.user, peer.user);
  caption.say(errorText(error, text));
  return { element: after(caption, peer, media, actions), update: nothing, close: nothing };
}
