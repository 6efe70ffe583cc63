import { css } from 'lit';

/** Lists of rows that scroll inside their element: contacts, calls, conversations. */
export const lists = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .tools {
    position: relative;
    flex: none;
    padding: 2px 16px 10px;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_line) transparent;
    padding: 0 8px 16px;
  }

  .group {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    padding: 10px 12px 4px;
    background: var(--_surface);
    color: var(--_soft);
    font-size: var(--_text-size-small);
    font-weight: 600;
  }

  .row {
    display: flex;
    align-items: center;
    gap: 2px;
    border-radius: var(--_radius);
    transition: background var(--_motion);
    content-visibility: auto;
    contain-intrinsic-block-size: auto 64px;
  }

  .row:hover {
    background: var(--_sunken);
  }

  .row[data-chosen] {
    background: var(--_accent-soft);
  }

  .main {
    flex: 1;
    min-width: 0;
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 64px;
    padding: 9px 12px;
    border: 0;
    border-radius: var(--_radius);
    background: none;
    text-align: start;
  }

  .main:focus-visible,
  .row .icon-button:focus-visible {
    outline-offset: -2px;
  }

  .row .icon-button {
    width: 40px;
    height: 40px;
  }

  .row .icon-button:last-child {
    margin-inline-end: 8px;
  }

  .lines {
    flex: 1;
    min-width: 0;
    display: grid;
    gap: 1px;
  }

  .line {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 10px;
    min-width: 0;
  }

  .cut {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .name {
    font-weight: 600;
  }

  .detail,
  .time {
    color: var(--_soft);
    font-size: var(--_text-size-small);
  }

  [data-chosen] .detail,
  [data-chosen] .time {
    color: color-mix(in oklab, var(--_soft), var(--_text) 40%);
  }

  .time {
    flex: none;
    font-variant-numeric: tabular-nums;
  }

  .row:hover .dot {
    border-color: var(--_sunken);
  }

  .row[data-chosen] .dot {
    border-color: var(--_accent-soft);
  }

  .foot {
    display: grid;
    justify-items: center;
    gap: 8px;
    padding: 8px 12px;
  }
`;

/** What a list shows while it has no rows. */
export const blanks = css`
  .blank {
    flex: 1;
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 6px;
    padding: 32px 28px 48px;
    text-align: center;
  }

  .blank .mark {
    display: grid;
    place-items: center;
    width: 64px;
    height: 64px;
    margin-block-end: 8px;
    border-radius: 50%;
    background: var(--_sunken);
    color: var(--_soft);
  }

  .blank .mark .icon {
    width: 28px;
    height: 28px;
  }

  .blank strong {
    font-weight: 600;
  }

  .blank p {
    max-width: 34ch;
    color: var(--_soft);
    overflow-wrap: anywhere;
  }

  .blank .button {
    margin-block-start: 8px;
  }

  .ghosts {
    padding: 4px 8px;
  }

  .ghost {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 10px 12px;
  }

  .ghost::before {
    content: '';
    width: 44px;
    height: 44px;
    flex: none;
    border-radius: 50%;
    background: var(--_sunken);
  }

  .ghost::after {
    content: '';
    width: 55%;
    height: 14px;
    border-radius: 7px;
    background: var(--_sunken);
  }

  .ghosts {
    animation: ghosts 1.6s ease-in-out infinite alternate;
  }

  @keyframes ghosts {
    from {
      opacity: 1;
    }

    to {
      opacity: 0.5;
    }
  }
`;
