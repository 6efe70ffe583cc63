import { css } from 'lit';

/** How incoming calls look: on the dark ground of every call. */
export const incomingStyle = css`
  :host {
    display: block;
  }

  .stack {
    display: grid;
    gap: 12px;
    container-type: inline-size;
  }

  :host([overlay]) .stack {
    grid-template-columns: minmax(0, 1fr);
    /* All of the room, and more where a call needs it: then it is scrolled to. */
    grid-auto-rows: minmax(max-content, 1fr);
    gap: 0;
    height: 100%;
    overflow-y: auto;
  }

  :host([overlay]) .call {
    border-radius: 0;
    outline: none;
  }

  @container (width >= 760px) {
    :host([overlay]) .stack {
      grid-template-columns: 400px;
      grid-auto-rows: auto;
      gap: 16px;
      align-content: start;
      justify-content: center;
      padding: 28px 0;
    }

    :host([overlay]) .call {
      border-radius: var(--_radius-large);
      animation: arriving calc(var(--_motion) * 1.5) ease-out;
    }

    :host([overlay]) .call:focus-visible {
      outline: 2px solid #8ab8ff;
    }
  }

  @keyframes arriving {
    from {
      opacity: 0;
      translate: 0 -16px;
    }
  }

  .stack > * {
    pointer-events: auto;
  }

  .call {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    align-content: center;
    gap: 6px;
    padding: 32px 24px 20px;
    border-radius: var(--_radius-large);
    background: linear-gradient(170deg, var(--_stage), var(--_stage-deep));
    color: var(--_stage-text);
    box-shadow: var(--_shadow-high);
    text-align: center;
    overflow: hidden;
    outline-offset: -3px;
  }

  .call:focus-visible {
    outline: 2px solid #8ab8ff;
  }

  .avatar {
    --size: 96px;
    margin-block-end: 14px;
    animation: ringing 1.8s ease-out infinite;
  }

  .call.quiet .avatar {
    animation: none;
  }

  @keyframes ringing {
    0% {
      box-shadow: 0 0 0 0 rgb(75 211 177 / 55%);
    }

    100% {
      box-shadow: 0 0 0 28px rgb(75 211 177 / 0%);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .avatar {
      box-shadow: 0 0 0 6px rgb(75 211 177 / 50%);
    }
  }

  h2 {
    max-width: 100%;
    font-size: var(--_text-size-title);
    font-weight: 700;
    letter-spacing: -0.01em;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }

  .id,
  .status {
    max-width: 100%;
    color: var(--_stage-soft);
    overflow-wrap: anywhere;
  }

  .preview {
    width: 100%;
    max-width: 320px;
    aspect-ratio: 16 / 9;
    margin-block-start: 14px;
    border-radius: var(--_radius);
    background: #000;
    object-fit: cover;
    transform: scaleX(-1);
  }

  .preview:not([data-shown]) {
    display: none;
  }

  .notice {
    margin-block-start: 12px;
    font-size: var(--_text-size-small);
  }

  .actions {
    display: flex;
    justify-content: center;
    gap: clamp(12px, 6cqi, 32px);
    width: 100%;
    margin-block-start: 26px;
  }

  .round {
    flex: 0 1 108px;
    gap: 10px;
  }

  .disc {
    width: 64px;
    height: 64px;
  }

  .round .icon {
    width: 28px;
    height: 28px;
  }

  @media (height < 520px) {
    .call {
      padding-block: 12px;
    }

    .call .avatar {
      --size: 56px;
      margin-block-end: 4px;
    }

    .preview {
      display: none;
    }

    .actions {
      margin-block-start: 10px;
    }
  }

  .less {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 4px;
    margin-block-start: 14px;
  }

  .less .button {
    min-height: 36px;
    padding: 0 14px;
    background: none;
    color: var(--_stage-soft);
    font-size: var(--_text-size-small);
    font-weight: 500;
  }

  .less .button:hover {
    background: var(--_stage-control);
    color: var(--_stage-text);
  }
`;
