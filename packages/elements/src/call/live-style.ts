import { css } from 'lit';

/** The established call: pictures fill the area, everything else floats above them. */
export const liveStyle = css`
  .live {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    overflow: hidden;
  }

  .remote {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
    visibility: hidden;
  }

  .live[data-picture] .remote {
    visibility: visible;
  }

  .live > .caption {
    grid-area: 2 / 1;
    padding: 0 20px;
  }

  .live[data-picture] > .caption {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  .top {
    grid-area: 1 / 1;
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    padding: 16px;
  }

  .grow {
    flex: 1;
  }

  .chip,
  .mark,
  .quality {
    display: inline-flex;
    align-items: center;
    gap: 10px;
    min-width: 0;
    min-height: 34px;
    padding: 4px 14px;
    border-radius: 999px;
    background: rgb(9 14 17 / 62%);
    color: #fff;
    font-size: var(--_text-size-small);
  }

  .chip {
    max-width: 100%;
  }

  .peer {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
  }

  time {
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }

  .mark .icon {
    width: 17px;
    height: 17px;
  }

  .quality {
    align-items: flex-end;
    gap: 3px;
    padding: 9px 13px 10px;
  }

  .quality i {
    width: 4px;
    height: 6px;
    border-radius: 2px;
    background: rgb(255 255 255 / 32%);
  }

  .quality i:nth-child(2) {
    height: 10px;
  }

  .quality i:nth-child(3) {
    height: 14px;
  }

  .quality[data-level='good'] i {
    background: #4bd3b1;
  }

  .quality[data-level='fair'] i:nth-child(-n + 2) {
    background: #f4c65d;
  }

  .quality[data-level='poor'] i:first-child {
    background: #ff8b84;
  }

  /* Above the foot, however high its notices make it. */
  .local {
    grid-area: 2 / 1;
    position: relative;
    align-self: end;
    justify-self: end;
    margin: 0 16px 12px;
    width: clamp(96px, 22cqi, 240px);
    aspect-ratio: 4 / 3;
    border-radius: var(--_radius);
    background: #000;
    object-fit: cover;
    transform: scaleX(-1);
    box-shadow: 0 4px 20px rgb(0 0 0 / 45%);
  }

  .live .foot {
    grid-area: 3 / 1;
    position: relative;
    gap: 12px;
    padding: 0 12px calc(16px + env(safe-area-inset-bottom));
  }

  .troubles {
    display: grid;
    justify-items: center;
    gap: 8px;
    width: 100%;
  }

  .troubles .notice {
    align-items: center;
    max-width: min(52ch, 100%);
    box-shadow: 0 4px 20px rgb(0 0 0 / 35%);
  }

  .caller {
    flex-wrap: wrap;
    justify-content: center;
  }

  .caller p {
    font-weight: 600;
  }

  .request {
    flex-direction: column;
    gap: 12px;
    padding: 16px;
  }

  .request p {
    display: flex;
    align-items: center;
    gap: 10px;
    font-weight: 600;
  }

  .answers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    justify-content: center;
    gap: 4px;
    max-width: 100%;
    padding: 12px 14px 10px;
    border-radius: 28px;
    background: rgb(16 24 29 / 78%);
  }

  .controls .round {
    width: 78px;
    font-size: 12px;
  }

  .controls .disc {
    width: 52px;
    height: 52px;
  }

  .controls .short {
    white-space: nowrap;
  }

  .panel {
    position: absolute;
    inset-block-start: 12px;
    inset-inline-end: 12px;
    width: min(360px, calc(100% - 24px));
    /* The controls below stay in sight. */
    max-height: calc(100% - 148px);
    overflow-y: auto;
    padding: 20px;
    border-radius: var(--_radius-large);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: var(--_shadow-high);
  }

  .panel .close {
    position: absolute;
    inset-block-start: 12px;
    inset-inline-end: 12px;
  }

  @container (width < 480px) {
    /* More buttons than one row holds: two rows of four, the way out last. */
    .controls {
      display: grid;
      grid-template-columns: repeat(4, minmax(0, 1fr));
      justify-items: center;
      gap: 10px 0;
      width: 100%;
      padding: 12px 8px 10px;
    }

    .controls .round {
      width: 100%;
      font-size: 11px;
    }

    .controls .disc {
      width: 48px;
      height: 48px;
    }

    .controls .icon {
      width: 22px;
      height: 22px;
    }

    .actions .round {
      width: 30cqi;
      max-width: 112px;
    }
  }

  @container (width < 350px) {
    .remote {
      object-fit: cover;
    }

    .caller .button {
      padding-inline: 14px;
    }

    .live .caption .avatar {
      --size: 64px;
      margin-block-end: 6px;
    }

    .caption h2 {
      font-size: 16px;
    }

    .live .status {
      display: none;
    }

    .controls {
      display: flex;
      flex-wrap: nowrap;
      width: auto;
      background: none;
      padding: 0;
      gap: 8px;
    }

    /* The question takes the room of everything else. */
    .live:has(.request) > .caption,
    .live:has(.request) .controls {
      display: none;
    }

    .controls .short {
      display: none;
    }

    .controls .round {
      width: 44px;
    }

    .controls .disc {
      width: 42px;
      height: 42px;
    }

    .top {
      padding: 8px;
    }

    .mark span {
      display: none;
    }
  }

  body[data-floating] {
    margin: 0;
    height: 100vh;
    background: radial-gradient(120% 90% at 50% 20%, var(--_stage), var(--_stage-deep));
    color: var(--_stage-text);
  }
`;
