import { css } from 'lit';

/** How the choice of devices looks. */
export const devicesStyle = css`
  :host {
    display: block;
  }

  .panel {
    display: grid;
    gap: 20px;
  }

  h2 {
    font-size: var(--_text-size-large);
    letter-spacing: -0.01em;
  }

  .row {
    display: grid;
    gap: 8px;
  }

  .label {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 600;
    font-size: var(--_text-size-small);
  }

  .label .icon {
    width: 18px;
    height: 18px;
    color: var(--_soft);
  }

  .choice {
    position: relative;
  }

  .choice::after {
    content: '';
    position: absolute;
    inset-block-start: 50%;
    inset-inline-end: 18px;
    width: 8px;
    height: 8px;
    margin-block-start: -6px;
    border: solid var(--_soft);
    border-width: 0 2px 2px 0;
    rotate: 45deg;
    pointer-events: none;
  }

  select.field {
    appearance: none;
    padding-inline-end: 40px;
    border-radius: var(--_radius-small);
    text-overflow: ellipsis;
    cursor: pointer;
  }

  select.field option {
    background: var(--_surface);
    color: var(--_text);
  }

  select:disabled {
    opacity: 0.6;
    cursor: default;
  }

  .meter {
    height: 8px;
    border-radius: 999px;
    background: var(--_sunken);
    overflow: hidden;
  }

  .meter i {
    display: block;
    width: 100%;
    height: 100%;
    border-radius: inherit;
    background: linear-gradient(90deg, var(--_accent), var(--_accent-strong));
    transform: scaleX(var(--level, 0));
    transform-origin: left;
  }

  video {
    width: 100%;
    aspect-ratio: 16 / 9;
    border-radius: var(--_radius);
    background: #000;
    object-fit: cover;
    transform: scaleX(-1);
  }

  .hint {
    color: var(--_soft);
    font-size: var(--_text-size-small);
  }

  .button {
    justify-self: start;
    min-height: 38px;
    padding: 0 16px;
    font-size: var(--_text-size-small);
  }

  .switch {
    display: flex;
    align-items: center;
    gap: 12px;
    cursor: pointer;
  }

  .switch input {
    position: absolute;
    opacity: 0;
    width: 42px;
    height: 24px;
    margin: 0;
    cursor: pointer;
  }

  .switch .track {
    flex: none;
    width: 42px;
    height: 24px;
    padding: 3px;
    border-radius: 999px;
    background: var(--_soft);
    transition: background var(--_motion);
  }

  .switch .track::before {
    content: '';
    display: block;
    width: 18px;
    height: 18px;
    border-radius: 50%;
    background: var(--_surface);
    transition: transform var(--_motion);
  }

  .switch input:checked + .track {
    background: var(--_accent);
  }

  .switch input:checked + .track::before {
    transform: translateX(18px);
  }

  .switch input:focus-visible + .track {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
`;
