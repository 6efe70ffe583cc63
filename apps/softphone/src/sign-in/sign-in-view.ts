import { errorText, flawOfName, flawOfUser } from '@ringline/elements';
import { TokenError } from '../dev-token.ts';
import { kitText, text } from '../text/text.ts';
import { h, setText, show } from '../ui/dom.ts';
import { Notice } from '../ui/notice.ts';
import type { Account } from './account.ts';

/** Signs in, or rejects with the reason why not. */
export type SignIn = (account: Account) => Promise<void>;

interface Field {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
}

/** The form that asks who this is: by name in development mode, by token otherwise. */
export class SignInView {
  readonly element: HTMLElement;
  readonly #signIn: SignIn;
  readonly #user = field(text.user, 'user', text.userHint);
  readonly #name = field(text.name, 'name');
  readonly #token = field(text.token, 'token', text.tokenHint);
  readonly #notice = new Notice('error', 'sign-in-error');
  readonly #submit = h('button', { class: 'button primary', type: 'submit' }, text.submit);
  readonly #switch: HTMLButtonElement;
  #isByToken: boolean;

  constructor(signIn: SignIn, isByToken: boolean) {
    this.#signIn = signIn;
    this.#isByToken = isByToken;
    this.#switch = h('button', { type: 'button', class: 'button link' });
    this.#switch.addEventListener('click', () => this.#choose(!this.#isByToken));
    const form = h('form', { class: 'sign-in-form', novalidate: true });
    form.append(
      h('h1', {}, text.title),
      ...[this.#user, this.#name, this.#token].map(({ element }) => element),
      this.#notice.element,
      this.#submit,
      this.#switch,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#try();
    });
    const mark = h('img', { src: '/icon.svg', alt: '' });
    const brand = h('p', { class: 'brand' }, mark, 'Ringline');
    const tagline = h('p', { class: 'tagline' }, text.tagline);
    this.element = h('main', { class: 'sign-in' }, brand, tagline, form);
    this.#choose(isByToken);
  }

  /** Puts the cursor into the first empty field. */
  focus(): void {
    (this.#isByToken ? this.#token : this.#user).input.focus();
  }

  /** Says why nobody is signed in; where no tokens are given out it asks for one. */
  explain(error: unknown): void {
    const isNotFound = error instanceof TokenError && error.code === 'not-found';
    if (!isNotFound) return this.#notice.say(errorText(error, kitText));
    this.#choose(true);
    this.#notice.say(text.noDevTokens);
  }

  #choose(isByToken: boolean): void {
    this.#isByToken = isByToken;
    show(this.#user.element, !isByToken);
    show(this.#name.element, !isByToken);
    show(this.#token.element, isByToken);
    setText(this.#switch, isByToken ? text.useName : text.useToken);
    this.#notice.clear();
    this.focus();
  }

  async #try(): Promise<void> {
    const account = this.#account();
    if (account === undefined) return this.focus();
    const flaw = flawOf(account);
    if (flaw !== undefined) return this.#notice.say(flaw);
    this.#notice.clear();
    this.#setWorking(true);
    try {
      await this.#signIn(account);
    } catch (error) {
      this.explain(error);
    } finally {
      this.#setWorking(false);
    }
  }

  #account(): Account | undefined {
    const [user, name, token] = [this.#user, this.#name, this.#token].map(({ input }) =>
      input.value.trim(),
    );
    if (this.#isByToken) return token ? { kind: 'token', token } : undefined;
    return user ? { kind: 'name', user, ...(name ? { name } : {}) } : undefined;
  }

  #setWorking(isWorking: boolean): void {
    this.#submit.disabled = isWorking;
    setText(this.#submit, isWorking ? text.working : text.submit);
  }
}

/** Nothing is cut silently: a shortened id would be another user's. */
function flawOf(account: Account): string | undefined {
  if (account.kind === 'token') return undefined;
  return flawOfUser(account.user, kitText) ?? flawOfName(account.name ?? '', kitText);
}

function field(label: string, id: string, hintText?: string): Field {
  const hintId = hintText === undefined ? undefined : `sign-in-${id}-hint`;
  const input = h('input', {
    id: `sign-in-${id}`,
    name: id,
    autocomplete: id === 'token' ? 'off' : 'username',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': hintId,
  });
  const hint = hintText === undefined ? [] : [h('p', { class: 'hint', id: hintId }, hintText)];
  const title = h('label', { for: input.id }, label);
  return { element: h('div', { class: 'field' }, title, input, ...hint), input };
}
