import { expect, test } from 'vitest';
import { COLOURS } from '../src/style/tokens.ts';

type Colour = keyof typeof COLOURS;

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const PAIRS: [text: Colour, ground: Colour][] = [
  ...(['page', 'surface', 'sunken', 'hover'] as const).flatMap(
    (ground) =>
      [
        ['text', ground],
        ['soft', ground],
      ] as [Colour, Colour][],
  ),
  ['accent', 'page'],
  ['accent', 'surface'],
  ['accent', 'sunken'],
  ['accent-strong', 'accent-soft'],
  ['text', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-strong'],
  ['on-danger', 'accept'],
  ['on-danger', 'accept-strong'],
  ['danger-text', 'danger-soft'],
  ['danger-text', 'surface'],
  ['danger-text', 'hover'],
  ['warn-text', 'warn-soft'],
  ['stage-text', 'stage'],
  ['stage-soft', 'stage'],
  ['stage-soft', 'stage-deep'],
  ['stage-text', 'stage-control'],
  ['stage-text', 'stage-control-hover'],
];

// WCAG 2.2 §1.4.3.
test.each(PAIRS)('%s on %s can be read in both themes', (text, ground) => {
  for (const theme of [0, 1] as const) {
    expect(contrast(COLOURS[text][theme], COLOURS[ground][theme])).toBeGreaterThanOrEqual(4.5);
  }
});

// WCAG 2.2 §1.4.11.
test.each(['page', 'surface', 'sunken'] as const)('the focus ring is seen on %s', (ground) => {
  for (const theme of [0, 1] as const) {
    expect(contrast(COLOURS.focus[theme], COLOURS[ground][theme])).toBeGreaterThanOrEqual(3);
  }
});
