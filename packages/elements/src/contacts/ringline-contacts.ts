import { html } from 'lit';
import { RinglineElement } from '../ui/ringline-element.ts';

/** The people one can call and write to, with their presence. */
export class RinglineContacts extends RinglineElement {
  protected override render() {
    return html`<div></div>`;
  }
}
