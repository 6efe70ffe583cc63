import type { Media } from '@ringline/client';
import { css, html, nothing } from 'lit';
import { flawOfUser } from '../model/entry-flaw.ts';
import { callButton } from '../ui/call-button.ts';
import { RinglineElement } from '../ui/ringline-element.ts';

/** A field to call any user by id; Enter calls by audio. Tells `ringline-call`. */
export class RinglineDial extends RinglineElement {
  static override styles = [
    RinglineElement.styles,
    css`
      :host {
        display: block;
      }

      form {
        position: relative;
      }

      .field {
        padding-inline-end: 100px;
      }

      .actions {
        position: absolute;
        inset-block-start: 0;
        inset-inline-end: 4px;
        display: flex;
      }

      .notice {
        margin-block-start: 8px;
      }
    `,
  ];
  #flaw: string | undefined;

  protected override render() {
    const { dial } = this.text;
    // Nobody has this id, but what stands in the way of all.
    const obstacle = this.obstacleTo('');
    return html`<form part="form" @submit=${this.#submitted}>
        <input
          class="field"
          part="field"
          name="dial"
          placeholder=${dial.hint}
          aria-label=${dial.label}
          aria-describedby=${this.#flaw === undefined ? nothing : 'flaw'}
          aria-invalid=${this.#flaw === undefined ? nothing : 'true'}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          @input=${() => this.#explain(undefined)}
        />
        <span class="actions">
          ${callButton({ media: 'audio', label: dial.audio, obstacle, type: 'submit' })}
          ${callButton({
            media: 'video',
            label: dial.video,
            obstacle,
            act: () => this.#dial('video'),
          })}
        </span>
      </form>
      ${
        this.#flaw === undefined
          ? nothing
          : html`<p class="notice error" id="flaw" role="alert" data-testid="dial-error">
              ${this.#flaw}
            </p>`
      }`;
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  readonly #submitted = (event: Event) => {
    event.preventDefault();
    this.#dial('audio');
  };

  #dial(media: Media): void {
    const input = this.#input;
    const user = input?.value.trim() ?? '';
    if (input === null || user === '') return input?.focus();
    // Nothing is cut silently: a shortened id would be another user's.
    const flaw = flawOfUser(user, this.text) ?? this.obstacleTo(user);
    if (flaw !== undefined) return this.#explain(flaw);
    input.value = '';
    this.startCall({ user }, media);
  }

  #explain(flaw: string | undefined): void {
    if (flaw === this.#flaw) return;
    this.#flaw = flaw;
    this.requestUpdate();
  }
}
