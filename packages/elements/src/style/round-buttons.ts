import { css } from 'lit';

/** The round buttons of a call, with a word below each. */
export const roundButtons = css`
  /* What came under the pointer unasked takes no click yet: it was meant for what was there before. */
  .settles {
    animation: settling 600ms !important;
  }

  @keyframes settling {
    0%,
    99% {
      pointer-events: none;
    }
  }

  .round {
    display: grid;
    justify-items: center;
    align-content: start;
    gap: 8px;
    width: 104px;
    min-width: 0;
    padding: 0;
    border: 0;
    border-radius: var(--_radius);
    background: none;
    color: inherit;
    font-size: var(--_text-size-small);
    line-height: 1.3;
  }

  .round:focus-visible {
    outline: none;
  }

  .round:focus-visible .disc {
    outline: 3px solid #8ab8ff;
    outline-offset: 3px;
  }

  .disc {
    display: grid;
    place-items: center;
    width: 60px;
    height: 60px;
    border-radius: 50%;
    background: var(--_stage-control);
    color: #fff;
    transition: background var(--_motion);
  }

  .round:hover:not(:disabled) .disc {
    background: var(--_stage-control-hover);
  }

  .round .icon {
    width: 26px;
    height: 26px;
  }

  .round.accept .disc {
    background: var(--_accept);
  }

  .round.accept:hover:not(:disabled) .disc {
    background: var(--_accept-strong);
  }

  .round.refuse .disc {
    background: var(--_danger);
  }

  .round.refuse:hover:not(:disabled) .disc {
    background: var(--_danger-strong);
  }

  .round.off .disc {
    background: #f3f7f9;
    color: #131c24;
  }

  .short {
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
`;
