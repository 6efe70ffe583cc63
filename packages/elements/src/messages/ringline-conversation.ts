import type { UserId } from '@ringline/client';
import { html, nothing } from 'lit';
import { RinglineElement } from '../ui/ringline-element.ts';

/** The messages and calls with one peer, and a field to write. Tells `ringline-close` from its way back. */
export class RinglineConversation extends RinglineElement {
  static override properties = { ...RinglineElement.properties, peer: {} };

  /** With whom. */
  declare peer: UserId | undefined;

  protected override render() {
    return this.peer === undefined ? nothing : html`<div></div>`;
  }
}
