import { css } from 'lit';

/** How a conversation looks. */
export const conversationStyle = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    min-height: 0;
    background: var(--_surface);
  }

  header {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 68px;
    padding: 8px 16px;
    border-block-end: 1px solid var(--_line);
  }

  .back {
    display: var(--rl-back-display, none);
    margin-inline: -8px -4px;
  }

  header .who {
    flex: 1;
    min-width: 0;
    line-height: 1.3;
  }

  h2 {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: var(--_text-size-large);
    font-weight: 650;
  }

  .stand {
    min-height: 1.3em;
    color: var(--_soft);
    font-size: var(--_text-size-small);
  }

  .body {
    position: relative;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-height: 0;
  }

  .scroll {
    display: flex;
    flex-direction: column;
    overflow-y: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_line) transparent;
    padding: 12px 16px;
  }

  .scroll:focus-visible {
    outline-offset: -3px;
  }

  .log {
    display: flex;
    flex-direction: column;
    gap: 3px;
    width: 100%;
    max-width: 860px;
    margin: auto auto 0;
  }

  .mark {
    align-self: center;
    margin-block: 14px 8px;
    padding: 3px 12px;
    border-radius: 999px;
    background: var(--_sunken);
    color: var(--_soft);
    font-size: 12px;
    font-weight: 600;
  }

  .mark.new {
    align-self: stretch;
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 0;
    background: none;
    color: var(--_accent);
  }

  .mark.new::before,
  .mark.new::after {
    content: '';
    flex: 1;
    height: 1px;
    background: currentcolor;
    opacity: 0.4;
  }

  .message {
    display: grid;
    justify-items: start;
    align-self: flex-start;
    gap: 2px;
    max-width: min(82%, 60ch);
  }

  .message.mine {
    justify-items: end;
    align-self: flex-end;
  }

  .message.last {
    margin-block-end: 7px;
  }

  .bubble {
    max-width: 100%;
    padding: 8px 13px;
    border: 0;
    border-radius: 18px;
    background: var(--_sunken);
    text-align: start;
  }

  .last .bubble {
    border-end-start-radius: 6px;
  }

  .mine .bubble {
    background: var(--_accent-soft);
  }

  .mine.last .bubble {
    border-end-start-radius: 18px;
    border-end-end-radius: 6px;
  }

  .bubble p {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .bubble a {
    color: var(--_accent);
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .mine .bubble a {
    color: var(--_accent-strong);
  }

  .bubble summary {
    cursor: pointer;
    color: var(--_soft);
  }

  .bubble pre {
    max-height: 260px;
    margin: 6px 0 0;
    overflow: auto;
    font-size: 12.5px;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .call {
    display: inline-flex;
    align-items: center;
    gap: 10px;
    min-height: 44px;
    font-variant-numeric: tabular-nums;
    transition: background var(--_motion);
  }

  .call:hover {
    background: var(--_hover);
  }

  .mine .call:hover {
    background: color-mix(in oklab, var(--_accent-soft), var(--_accent) 12%);
  }

  .call .icon {
    color: var(--_accent);
  }

  .call.missed,
  .call.missed .icon {
    color: var(--_danger-text);
  }

  .under {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    padding-inline: 6px;
    color: var(--_soft);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }

  .mine .under {
    justify-content: flex-end;
  }

  .tick {
    display: inline-flex;
    align-items: center;
    gap: 3px;
  }

  .tick .icon {
    width: 15px;
    height: 15px;
  }

  .tick[data-progress='read'] {
    color: var(--_accent);
  }

  .pending .bubble {
    opacity: 0.65;
  }

  .failed .bubble {
    background: var(--_danger-soft);
  }

  .failed .under {
    color: var(--_danger-text);
  }

  .under .button {
    min-height: 32px;
    padding: 0 10px;
    font-size: var(--_text-size-small);
  }

  .older {
    align-self: center;
    flex: none;
  }

  .jump {
    position: absolute;
    inset-block-end: 12px;
    inset-inline-start: 50%;
    translate: -50% 0;
    min-height: 38px;
    padding: 0 16px;
    border: 1px solid var(--_line);
    background: var(--_surface);
    box-shadow: var(--_shadow);
    color: var(--_accent);
    font-size: var(--_text-size-small);
  }

  .jump .icon {
    width: 18px;
    height: 18px;
    rotate: -90deg;
  }

  form {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: 8px;
    padding: 10px 16px calc(12px + env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--_line);
  }

  form .notice {
    flex-basis: 100%;
  }

  form .left {
    flex-basis: 100%;
    text-align: end;
    font-size: 12px;
  }

  textarea.field {
    flex: 1;
    width: auto;
    max-height: 180px;
    field-sizing: content;
    line-height: 22px;
    scrollbar-width: thin;
  }

  .send {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .send:hover:not(:disabled) {
    background: var(--_accent-strong);
    color: var(--_on-accent);
  }
`;
