import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { avatar } from '../ui/avatar.ts';

/** Who a call is with. */
export interface Person {
  readonly user: string;
  readonly name: string;
}

/** Who the call is with and how it stands, in the middle of the area. */
export function caption({ user, name }: Person, status: string, more?: unknown): TemplateResult {
  return html`<div class="caption" part="caption">
    ${avatar(name, user)}
    <h2>${name}</h2>
    ${name === user ? nothing : html`<p class="id">${user}</p>`}
    <p class="status" role="status" data-testid="call-status">${status}</p>
    ${more ?? nothing}
  </div>`;
}
