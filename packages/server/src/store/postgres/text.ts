/*
 * PostgreSQL cannot hold U+0000, and UTF-8 no lone surrogate. Ids and names that are not written as
 * JSON are written with a mark and four hexadecimal digits in the place of such a character, and of
 * every control character, of which the mark is one. Ids of users have none of these: they stay as
 * they are, and so does their order.
 */
const MARK = '\u0001';
const DIGITS = 4;
const UNHELD = /[\p{Cc}\p{Surrogate}]/gu;

/** The text as a column holds it; no two texts become the same. */
export function held(text: string): string {
  return text.replace(
    UNHELD,
    (unit) => MARK + unit.charCodeAt(0).toString(16).padStart(DIGITS, '0'),
  );
}

/** The text that was given to `held`. */
export function given(column: string): string {
  if (!column.includes(MARK)) return column;
  const [first = '', ...rest] = column.split(MARK);
  const units = rest.map(
    (part) => String.fromCharCode(Number.parseInt(part.slice(0, DIGITS), 16)) + part.slice(DIGITS),
  );
  return first + units.join('');
}
