import { css } from 'lit';

/** The strip of the other call: above the large one, over nothing of it. */
export const stripStyle = css`
  .strip {
    grid-row: 1;
    display: flex;
    align-items: center;
    gap: 12px;
    min-width: 0;
    padding: 8px 12px 8px 16px;
    background: rgb(255 255 255 / 8%);
    border-block-end: 1px solid rgb(255 255 255 / 10%);
  }

  .strip .avatar {
    --size: 38px;
  }

  .strip .lines {
    flex: 1;
    display: grid;
    min-width: 0;
    line-height: 1.35;
  }

  .strip .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
  }

  .strip .state,
  .strip .hint,
  .strip .flaw {
    font-size: var(--_text-size-small);
    overflow-wrap: anywhere;
  }

  .strip .state,
  .strip .hint {
    color: var(--_stage-soft);
    font-variant-numeric: tabular-nums;
  }

  .strip .flaw {
    color: #ffaaa3;
  }

  .deeds {
    display: flex;
    flex: none;
    gap: 8px;
  }

  .deed {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-width: 44px;
    min-height: 44px;
    padding: 0 16px;
    border: 0;
    border-radius: 999px;
    background: var(--_stage-control);
    color: #fff;
    font-size: var(--_text-size-small);
    font-weight: 600;
    transition: background var(--_motion);
  }

  .deed[aria-disabled] {
    opacity: 0.5;
    cursor: default;
  }

  .deed:hover:not([aria-disabled]) {
    background: var(--_stage-control-hover);
  }

  .deed[data-icon='hangUp'] {
    background: var(--_danger);
  }

  .deed[data-icon='hangUp']:hover {
    background: var(--_danger-strong);
  }

  .deed .icon {
    width: 20px;
    height: 20px;
  }

  @container (width < 480px) {
    .strip {
      gap: 10px;
      padding-inline: 12px 10px;
    }

    .deed {
      padding: 0 12px;
    }

    .deed[data-icon='hangUp'] span {
      display: none;
    }
  }

  /* A small call has room for who it is, and for the swap. */
  @container (width < 350px) {
    .strip {
      padding: 4px 4px 4px 12px;
    }

    .strip .avatar,
    .strip + .stage .live .avatar,
    .strip .hint,
    .deed span,
    .deed[data-icon='hangUp'] {
      display: none;
    }

    .strip .lines {
      display: flex;
      gap: 8px;
      align-items: baseline;
    }

    .strip .state {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .deed {
      min-width: 36px;
      min-height: 36px;
      padding: 0;
    }
  }
`;
