/*
 * PostgreSQL cannot hold U+0000, and UTF-8 no lone surrogate. Ids and names that are not written as
 * JSON are written with U+0001 before what stands for such a character, and for U+0001 itself. Ids of
 * users have no control characters: they stay as they are, and so does their order.
 */
const MARK = '\u0001';
const UNHELD = /[\u0000\u0001]|\p{Surrogate}/gu;
const WRITTEN = /\u0001(0|1|[0-9a-f]{4})/g;

/** The text as a column holds it; no two texts become the same. */
export function held(text: string): string {
  return text.replace(UNHELD, (character) => {
    if (character === '\u0000') return `${MARK}0`;
    if (character === MARK) return `${MARK}1`;
    return MARK + character.charCodeAt(0).toString(16);
  });
}

/** The text that was given to `held`. */
export function given(column: string): string {
  if (!column.includes(MARK)) return column;
  return column.replace(WRITTEN, (_all, code: string) => {
    if (code === '0') return '\u0000';
    return code === '1' ? MARK : String.fromCharCode(Number.parseInt(code, 16));
  });
}
