import { css } from 'lit';

/** How `<ringline-phone>` is laid out: by its own width, not by the page's. */
export const frameStyle = css`
  :host {
    display: block;
    height: 100%;
    min-height: 420px;
    container-type: inline-size;
    background: var(--_page);
  }

  .shell {
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    height: 100%;
    position: relative;
    overflow: hidden;
    background: var(--_surface);
  }

  nav {
    grid-area: 2 / 1;
    display: flex;
    gap: 4px;
    padding: 6px 10px calc(6px + env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--_line);
  }

  .tab {
    position: relative;
    flex: 1;
    display: grid;
    justify-items: center;
    align-content: center;
    gap: 3px;
    min-width: 0;
    min-height: 52px;
    padding: 4px;
    border: 0;
    border-radius: var(--_radius-small);
    background: none;
    color: var(--_soft);
    font-size: 12px;
    transition: background var(--_motion);
  }

  .tab:hover {
    background: var(--_sunken);
  }

  .tab[aria-current],
  .tab[aria-expanded='true'] {
    color: var(--_accent);
    font-weight: 600;
  }

  .tab .badge {
    position: absolute;
    inset-block-start: 2px;
    inset-inline-start: calc(50% + 4px);
    box-shadow: 0 0 0 2px var(--_surface);
  }

  .list {
    grid-area: 1 / 1;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }

  .list > header {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 18px 20px 10px;
  }

  h2 {
    font-size: var(--_text-size-title);
    font-weight: 700;
    letter-spacing: -0.02em;
    line-height: 1.2;
  }

  .who {
    min-width: 0;
    margin-inline-start: auto;
    display: flex;
    align-items: center;
    gap: 10px;
  }

  .who > .lines {
    min-width: 0;
    text-align: end;
    line-height: 1.3;
  }

  .me {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
    font-size: var(--_text-size-small);
  }

  .connection {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--_soft);
    font-size: 12px;
    white-space: nowrap;
  }

  .connection::before {
    content: '';
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: var(--_warn);
  }

  .connection[data-state='connected']::before {
    background: var(--_accent);
  }

  .connection[data-state='disconnected']::before {
    background: var(--_danger);
  }

  .who .avatar {
    --size: 38px;
  }

  .notices {
    display: grid;
    gap: 8px;
    padding: 0 16px;
  }

  .notices > :last-child {
    margin-block-end: 10px;
  }

  .notices .button {
    min-height: 34px;
    padding: 0 14px;
    font-size: var(--_text-size-small);
  }

  .notice .grow {
    flex: 1;
  }

  .dial {
    padding: 4px 16px 12px;
  }

  .content {
    flex: 1;
    min-height: 0;
    display: grid;
  }

  .content > slot {
    display: grid;
    min-height: 0;
  }

  .content > slot > *,
  .detail > slot > * {
    min-width: 0;
    min-height: 0;
  }

  .detail {
    grid-area: 1 / 1 / -1 / -1;
    --rl-back-display: inline-grid;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
    background: var(--_surface);
    z-index: 1;
  }

  .detail > slot {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-height: 0;
  }

  .welcome {
    display: none;
  }

  .shell:not([data-detail]) .detail {
    display: none;
  }

  .choices {
    display: flex;
    gap: 4px;
    margin-block-start: 8px;
  }

  @container (width >= 760px) {
    .shell {
      grid-template: minmax(0, 1fr) / 84px minmax(300px, 360px) minmax(0, 1fr);
    }

    nav {
      grid-area: 1 / 1;
      flex-direction: column;
      gap: 6px;
      padding: 16px 8px;
      border-block-start: 0;
      border-inline-end: 1px solid var(--_line);
      background: var(--_page);
    }

    .tab {
      flex: none;
      min-height: 62px;
    }

    .tab.end {
      margin-block-start: auto;
    }

    .list {
      grid-area: 1 / 2;
      border-inline-end: 1px solid var(--_line);
    }

    .detail,
    .shell:not([data-detail]) .detail {
      --rl-back-display: none;
      display: grid;
      grid-area: 1 / 3;
      background: var(--_page);
    }

    .welcome {
      display: grid;
      place-content: center;
      justify-items: center;
      gap: 8px;
      padding: 32px;
      text-align: center;
    }

    .welcome .mark {
      display: grid;
      place-items: center;
      width: 88px;
      height: 88px;
      margin-block-end: 12px;
      border-radius: 50%;
      background: var(--_accent-soft);
      color: var(--_accent);
    }

    .welcome .mark .icon {
      width: 38px;
      height: 38px;
    }

    .welcome h3 {
      font-size: var(--_text-size-large);
    }

    .welcome p {
      max-width: 34ch;
    }
  }
`;
