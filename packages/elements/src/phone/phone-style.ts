import { css } from 'lit';

/** Where calls are in `<ringline-phone>`: in front of everything on a narrow one, beside the lists on a wide one. */
export const phoneStyle = css`
  ringline-call {
    grid-area: 1 / 1 / -1 / 1;
    height: auto;
    min-height: 0;
    z-index: 2;
  }

  ringline-incoming {
    position: absolute;
    inset: 0;
    z-index: 4;
    pointer-events: none;
  }

  /* Below the small call, not over it. */
  .shell[data-waiting][data-minimised] ringline-incoming {
    inset-block-start: 222px;
  }

  ringline-devices {
    padding: 8px 20px 24px;
    overflow-y: auto;
  }

  /* What rings matters more than what is over, and one would lie on the other. */
  .shell[data-ringing] ringline-call[data-state='ended'],
  .shell[data-ringing] ringline-call[data-state='failed'] {
    visibility: hidden;
  }

  .shell[data-minimised] ringline-call {
    position: absolute;
    inset-inline-end: 12px;
    inset-block-start: 12px;
    width: min(300px, calc(100% - 24px));
    height: 210px;
    z-index: 3;
    border-radius: var(--_radius-large);
    overflow: hidden;
    box-shadow: var(--_shadow-high);
  }

  .shell[data-call] > .list,
  .shell[data-call] > .detail,
  .shell[data-call] > nav,
  .shell[data-detail] > .list,
  .shell[data-detail] > nav {
    visibility: hidden;
  }

  @container (width >= 760px) {
    ringline-call {
      grid-area: 1 / 3;
    }

    /* Over the call that it waits beside. */
    .shell[data-waiting] ringline-incoming,
    .shell[data-waiting][data-minimised] ringline-incoming {
      grid-area: 1 / 3;
      inset-block-start: 0;
    }

    .shell[data-call] > .list,
    .shell[data-call] > nav,
    .shell[data-detail] > .list,
    .shell[data-detail] > nav {
      visibility: visible;
    }

    .shell[data-minimised] ringline-call {
      inset-block: auto 24px;
      inset-inline-end: 24px;
    }
  }
`;
