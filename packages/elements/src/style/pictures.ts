import { css } from 'lit';

/** The picture of a person, with a dot that says whether they are online. */
export const pictures = css`
  .picture {
    position: relative;
    display: inline-flex;
    flex: none;
  }

  .dot {
    position: absolute;
    inset-block-end: -1px;
    inset-inline-end: -1px;
    width: 13px;
    height: 13px;
    border: 2.5px solid var(--_surface);
    border-radius: 50%;
    background: var(--_soft);
  }

  .dot[data-online] {
    background: var(--_accent);
  }
`;
