import { css } from 'lit';

/** Buttons, fields, notices, avatars and badges: what the parts have in common. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }

  button {
    cursor: pointer;
    -webkit-user-select: none;
    user-select: none;
    -webkit-tap-highlight-color: transparent;
  }

  button:disabled {
    opacity: 0.5;
    cursor: default;
  }

  .icon {
    width: 22px;
    height: 22px;
    flex: none;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 44px;
    padding: 0 20px;
    border: 1px solid transparent;
    border-radius: 999px;
    background: var(--_sunken);
    font-weight: 600;
    transition: background var(--_motion);
  }

  .button:hover:not(:disabled) {
    background: var(--_hover);
  }

  .button.primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.primary:hover:not(:disabled) {
    background: var(--_accent-strong);
  }

  .button.danger {
    background: var(--_danger);
    color: var(--_on-danger);
  }

  .button.danger:hover:not(:disabled) {
    background: var(--_danger-strong);
  }

  .button.link {
    background: none;
    color: var(--_accent);
  }

  .button.link:hover:not(:disabled) {
    background: var(--_accent-soft);
    color: var(--_accent-strong);
  }

  [data-blocked] {
    opacity: 0.5;
  }

  .icon-button {
    display: inline-grid;
    place-items: center;
    width: 44px;
    height: 44px;
    flex: none;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--_soft);
    transition:
      background var(--_motion),
      color var(--_motion);
  }

  .icon-button:hover:not(:disabled) {
    background: var(--_accent-soft);
    color: var(--_accent-strong);
  }

  .icon-button.accent {
    color: var(--_accent);
  }

  .field {
    width: 100%;
    min-width: 0;
    min-height: 44px;
    padding: 10px 16px;
    border: 1px solid transparent;
    border-radius: 999px;
    background: var(--_sunken);
    transition: border-color var(--_motion);
  }

  textarea.field {
    border-radius: 22px;
    resize: none;
  }

  .field:hover {
    border-color: var(--_line);
  }

  .field:focus-visible {
    outline-offset: 0;
    background: var(--_surface);
  }

  .field::placeholder {
    color: var(--_soft);
    opacity: 1;
  }

  .notice {
    display: flex;
    align-items: flex-start;
    gap: 10px;
    padding: 10px 14px;
    border-radius: var(--_radius-small);
    background: var(--_accent-soft);
    color: var(--_text);
    text-align: start;
    overflow-wrap: anywhere;
  }

  .notice.error {
    background: var(--_danger-soft);
    color: var(--_danger-text);
  }

  .notice.warn {
    background: var(--_warn-soft);
    color: var(--_warn-text);
  }

  .avatar {
    --size: 44px;
    display: inline-grid;
    place-items: center;
    width: var(--size);
    height: var(--size);
    flex: none;
    border-radius: 50%;
    background: linear-gradient(
      145deg,
      oklch(0.56 0.1 var(--hue)),
      oklch(0.44 0.09 calc(var(--hue) + 24))
    );
    color: #fff;
    font-size: calc(var(--size) * 0.36);
    font-weight: 600;
    letter-spacing: 0.01em;
    line-height: 1;
    -webkit-user-select: none;
    user-select: none;
  }

  .badge {
    display: inline-grid;
    place-items: center;
    min-width: 20px;
    height: 20px;
    padding: 0 6px;
    border-radius: 999px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 12px;
    font-weight: 700;
    line-height: 1;
    font-variant-numeric: tabular-nums;
  }

  .badge.danger {
    background: var(--_danger);
    color: var(--_on-danger);
  }

  .soft {
    color: var(--_soft);
  }

  .sr-only {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
    border: 0;
  }
`;
