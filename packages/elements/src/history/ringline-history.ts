import { html } from 'lit';
import { RinglineElement } from '../ui/ringline-element.ts';

/** Past calls, worded from one's own side; a click calls back. */
export class RinglineHistory extends RinglineElement {
  protected override render() {
    return html`<div></div>`;
  }
}
