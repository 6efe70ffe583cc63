import { css } from 'lit';

/** The banner of a call that rings beside the one that is on. */
export const waitingStyle = css`
  :host([overlay]) .stack.besides {
    height: auto;
    max-height: 100%;
    grid-template-columns: minmax(0, 1fr);
    grid-auto-rows: auto;
    align-content: start;
    gap: 8px;
    padding: 8px;
    /* Room for the shadow. */
    padding-block-end: 48px;
  }

  .call.beside,
  :host([overlay]) .call.beside {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 12px;
    width: 100%;
    max-width: 620px;
    justify-self: center;
    padding: 12px;
    border: 1px solid rgb(255 255 255 / 16%);
    border-radius: var(--_radius-large);
    text-align: start;
  }

  .beside .avatar {
    --size: 40px;
    margin: 0;
  }

  .beside .who {
    flex: 1 1 140px;
    min-width: 0;
  }

  .beside h2 {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: var(--_text-size-large);
  }

  .beside .status {
    font-size: var(--_text-size-small);
  }

  .beside .notice {
    flex-basis: 100%;
    margin: 0;
  }

  .answers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .answers .button {
    flex: 1 1 auto;
    padding: 0 14px;
    background: var(--_stage-control);
    color: #fff;
    font-size: var(--_text-size-small);
  }

  .answers .icon {
    width: 19px;
    height: 19px;
  }

  .answers .button:hover:not(:disabled) {
    background: var(--_stage-control-hover);
  }

  .answers .button.accept {
    background: var(--_accept);
  }

  .answers .button.accept:hover:not(:disabled) {
    background: var(--_accept-strong);
  }

  .answers .button.refuse {
    background: var(--_danger);
  }

  .answers .button.refuse:hover:not(:disabled) {
    background: var(--_danger-strong);
  }

  @container (width < 560px) {
    .answers {
      flex-basis: 100%;
    }
  }

  @container (width < 400px) {
    .answers .plain .icon {
      display: none;
    }
  }
`;
