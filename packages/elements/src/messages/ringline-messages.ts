import { html } from 'lit';
import { RinglineElement } from '../ui/ringline-element.ts';

/** The conversations with everybody, the newest first. */
export class RinglineMessages extends RinglineElement {
  protected override render() {
    return html`<div></div>`;
  }
}
