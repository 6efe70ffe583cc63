import type { Call, Media, Peer } from '@ringline/client';
import { errorText } from '../error-text.ts';
import { text } from '../text/text.ts';
import { textButton } from '../ui/button.ts';
import { h, show } from '../ui/dom.ts';
import { Notice } from '../ui/notice.ts';
import { Caption } from './caption.ts';
import type { Attempt, Knowledge, StageView } from './stage-view.ts';
import { endedText, outgoingText } from './wording.ts';

const nothing = () => undefined;

function card(caption: Caption, ...buttons: readonly HTMLElement[]): HTMLElement {
  return h('div', { class: 'card' }, caption.element, h('div', { class: 'actions' }, ...buttons));
}

/** Says above the buttons, for as long as it is so, that the server is away. */
class ServerNotice {
  readonly #notice = new Notice('info', 'call-trouble');
  readonly #knowledge: Knowledge;
  readonly element = this.#notice.element;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  update(): void {
    if (this.#knowledge.isServerAway()) this.#notice.say(text.call.serverSought);
    else this.#notice.clear();
  }
}

/** What a call waits for that this user began or answers: first of all, for the server. */
function preparingText(knowledge: Knowledge): string {
  return knowledge.isServerAway() ? text.call.waitingForServer : text.call.openingDevices;
}

/** The user has called: the microphone is being opened, and the server asked. */
export function startingView(peer: Peer, knowledge: Knowledge, cancel: () => void): StageView {
  const caption = new Caption(knowledge.nameOf(peer), peer);
  const server = new ServerNotice(knowledge);
  const button = textButton(text.call.cancel, cancel, { class: 'button danger' });
  const update = () => {
    server.update();
    caption.say(preparingText(knowledge));
  };
  return { element: card(caption, server.element, button), update, close: nothing };
}

/** What a call that rings can do beside what it is asked itself. */
export interface WaitingActions {
  readonly attempt: Attempt;
  dismiss(): void;
}

/** It rings at the other side. */
export function outgoingView(call: Call, knowledge: Knowledge, actions: WaitingActions): StageView {
  const caption = new Caption(knowledge.nameOf(call.peer), call.peer);
  const server = new ServerNotice(knowledge);
  const cancel = textButton(
    text.call.cancel,
    () => {
      actions.attempt(() => call.cancel());
      actions.dismiss();
    },
    { class: 'button danger' },
  );
  const update = () => {
    server.update();
    caption.say(outgoingText(call, text));
  };
  return { element: card(caption, server.element, cancel), update, close: nothing };
}

/** It rings here. While an answer is on its way the call can still be refused. */
export function incomingView(call: Call, knowledge: Knowledge, actions: WaitingActions): StageView {
  const caption = new Caption(knowledge.nameOf(call.peer), call.peer);
  const server = new ServerNotice(knowledge);
  const isVideo = call.media === 'video';
  const { acceptVideo, acceptAudio, acceptAsAudio, refuse, refuseHere } = text.call;
  let isAnswering = false;
  const accept = (media: Media) =>
    actions.attempt(async () => {
      isAnswering = true;
      update();
      try {
        await call.accept({ media });
      } finally {
        isAnswering = false;
        update();
      }
    });
  const leave = (everywhere: boolean) => {
    actions.attempt(() => call.refuse({ everywhere }));
    actions.dismiss();
  };
  const answer = isVideo ? acceptVideo : acceptAudio;
  const primary = textButton(answer, () => accept(call.media), { class: 'button accept' });
  const plain = textButton(acceptAsAudio, () => accept('audio'));
  const no = textButton(refuse, () => leave(true), { class: 'button danger' });
  const here = textButton(refuseHere, () => leave(false), { class: 'button link' });
  show(plain, isVideo);
  const ringing = isVideo ? text.call.incomingVideo : text.call.incomingAudio;
  const update = () => {
    for (const button of [primary, plain]) button.disabled = isAnswering;
    server.update();
    caption.say(isAnswering ? preparingText(knowledge) : ringing);
  };
  const element = card(caption, server.element, primary, plain, no, here);
  return { element, isAnswering: () => isAnswering, update, close: nothing };
}

/** What a call that is over, or did not begin, offers. */
export interface AfterActions {
  again(peer: Peer, media: Media): void;
  dismiss(): void;
}

/** What is needed to call again. */
type Begun = Pick<Call, 'peer' | 'media'> & Partial<Pick<Call, 'direction'>>;

function after(caption: Caption, call: Begun, actions: AfterActions): HTMLElement {
  const { peer, media, direction = 'outgoing' } = call;
  const label = direction === 'outgoing' ? text.call.again : text.call.callBack;
  const again = textButton(label, () => actions.again(peer, media), {
    class: 'button accept',
  });
  return card(
    caption,
    again,
    textButton(text.call.close, () => actions.dismiss()),
  );
}

/** The call is over. */
export function endedView(call: Call, name: string, actions: AfterActions): StageView {
  const caption = new Caption(name, call.peer);
  const update = () => caption.say(endedText(call, name, text));
  const element = after(caption, call, actions);
  return { element, update, close: nothing };
}

/** The call did not begin. */
export function failedView(
  { error, ...call }: Begun & { readonly error: unknown },
  name: string,
  actions: AfterActions,
): StageView {
  const caption = new Caption(name, call.peer);
  caption.say(errorText(error, text));
  return { element: after(caption, call, actions), update: nothing, close: nothing };
}
