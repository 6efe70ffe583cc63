import { css } from 'lit';

/** The area of a call: always dark, so that pictures stand out and light and dark pages look the same. */
export const callStyle = css`
  :host([minimised]) {
    touch-action: none;
    cursor: grab;
  }

  :host {
    display: block;
    position: relative;
    height: 100%;
    container-type: inline-size;
  }

  :host([data-state='idle']) {
    display: none;
  }

  .area {
    position: relative;
    height: 100%;
    min-height: 0;
    overflow: hidden;
    background: radial-gradient(120% 90% at 50% 20%, var(--_stage), var(--_stage-deep));
    color: var(--_stage-text);
    -webkit-user-select: none;
    user-select: none;
  }

  /* The strip of another call, where there is one, and below it the call. */
  .area {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
  }

  .stage {
    grid-row: 2;
    position: relative;
    min-height: 0;
  }

  /* It takes the focus for readers and shortcuts; nothing is pressed on it. */
  .area:focus {
    outline: none;
  }

  .area :focus-visible {
    outline-color: #8ab8ff;
  }

  .area .notice {
    -webkit-user-select: text;
    user-select: text;
  }

  .card {
    height: 100%;
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    padding: 24px;
    overflow-y: auto;
  }

  .card.away {
    place-content: center;
    justify-items: center;
    gap: 20px;
    text-align: center;
    color: var(--_stage-soft);
  }

  .card .button {
    background: var(--_stage-control);
    color: var(--_stage-text);
  }

  .card .button:hover {
    background: var(--_stage-control-hover);
  }

  .caption {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: 6px;
    min-width: 0;
    text-align: center;
  }

  .caption .avatar {
    --size: 120px;
    margin-block-end: 18px;
  }

  .waiting .avatar {
    animation: calling 2.4s ease-out infinite;
  }

  @keyframes calling {
    0% {
      box-shadow: 0 0 0 0 rgb(188 202 211 / 36%);
    }

    80%,
    100% {
      box-shadow: 0 0 0 34px rgb(188 202 211 / 0%);
    }
  }

  .over .avatar {
    filter: saturate(0.5);
  }

  .caption h2 {
    max-width: 100%;
    font-size: 26px;
    font-weight: 700;
    letter-spacing: -0.015em;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }

  .caption .id {
    color: var(--_stage-soft);
    font-size: var(--_text-size-small);
    overflow-wrap: anywhere;
  }

  .caption .status {
    max-width: 46ch;
    margin-block-start: 4px;
    color: var(--_stage-soft);
    font-size: var(--_text-size-large);
  }

  .caption .notice {
    max-width: 48ch;
    margin-block-start: 16px;
  }

  .caption .told {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-start: 10px;
    color: var(--_stage-soft);
  }

  .told .icon {
    width: 19px;
    height: 19px;
  }

  .legs {
    display: grid;
    gap: 6px;
    max-width: 44ch;
    margin-block-start: 14px;
    padding: 12px 18px;
    border-radius: var(--_radius);
    background: rgb(255 255 255 / 6%);
    color: var(--_stage-soft);
    font-size: var(--_text-size-small);
  }

  .foot {
    display: grid;
    justify-items: center;
    gap: 16px;
    padding-block-end: env(safe-area-inset-bottom);
  }

  .foot .notice {
    max-width: 52ch;
  }

  .actions {
    display: flex;
    justify-content: center;
    align-items: start;
    gap: 12px;
    min-height: 100px;
  }
`;
