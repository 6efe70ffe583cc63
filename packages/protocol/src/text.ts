/** Bytes of the text in UTF-8; a lone surrogate counts three, as its replacement would. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) ?? 0;
    if (point >= 0x80) bytes += point < 0x800 ? 1 : 2;
    // A pair is four bytes in two units: two were counted as units, two just now.
    if (point > 0xffff) i++;
  }
  return bytes;
}
