import { css, unsafeCSS } from 'lit';

/** Colours of the kit, each in the light and in the dark theme. A page overrides one by `--rl-` and its name. */
export const COLOURS = {
  page: ['#f3f5f7', '#0e1316'],
  surface: ['#ffffff', '#161c21'],
  sunken: ['#eef1f4', '#20282e'],
  hover: ['#e6ebef', '#29323a'],
  line: ['#dde3e9', '#2c363e'],
  text: ['#131c24', '#e9eff3'],
  soft: ['#56636f', '#a0aeb9'],
  accent: ['#0a7560', '#4bd3b1'],
  'accent-strong': ['#075b4b', '#79e3c8'],
  'accent-soft': ['#dff2ec', '#143830'],
  'on-accent': ['#ffffff', '#04231b'],
  danger: ['#c62c2c', '#c93a34'],
  'danger-strong': ['#a51f1f', '#b02a25'],
  'danger-soft': ['#fdeceb', '#40201f'],
  'danger-text': ['#a61d1d', '#ffaaa3'],
  'on-danger': ['#ffffff', '#ffffff'],
  warn: ['#8a5a00', '#f4c65d'],
  'warn-soft': ['#fff3d6', '#3b2f12'],
  'warn-text': ['#694400', '#ffe0a0'],
  focus: ['#1a66d6', '#8ab8ff'],
  stage: ['#182329', '#10181d'],
  'stage-deep': ['#0d1418', '#090d10'],
  'stage-text': ['#f3f7f9', '#f3f7f9'],
  'stage-soft': ['#bccad3', '#b4c2cb'],
  'stage-control': ['#37454e', '#2f3b43'],
  'stage-control-hover': ['#46555f', '#3f4d57'],
  accept: ['#0f7f59', '#0f7f59'],
  'accept-strong': ['#0b6748', '#0b6748'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

/** Everything else that a page may override in the same way. */
export const MEASURES = {
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', sans-serif",
  'text-size': '15px',
  'text-size-small': '13px',
  'text-size-large': '17px',
  'text-size-title': '22px',
  'line-height': '1.45',
  radius: '14px',
  'radius-small': '10px',
  'radius-large': '22px',
  shadow: '0 1px 2px rgb(10 20 30 / 8%), 0 8px 24px rgb(10 20 30 / 8%)',
  'shadow-high': '0 2px 6px rgb(0 0 0 / 20%), 0 18px 50px rgb(0 0 0 / 28%)',
  motion: '180ms',
} as const satisfies Readonly<Record<string, string>>;

/** How a style of the kit names a token: `--_accent` is the page's `--rl-accent`, or else the kit's own. */
function declarations(): string {
  const colours = Object.entries(COLOURS).map(
    ([name, [light, dark]]) => `--_${name}: var(--rl-${name}, light-dark(${light}, ${dark}));`,
  );
  const measures = Object.entries(MEASURES).map(
    ([name, value]) => `--_${name}: var(--rl-${name}, ${value});`,
  );
  return [...colours, ...measures].join('\n');
}

/** The tokens, the theme (`theme="light|dark|auto"` on any element, handed on to what is in it), and the type. */
export const tokens = css`
  :host {
    ${unsafeCSS(declarations())}
    color-scheme: var(--rl-scheme, light dark);
    font: var(--_text-size) / var(--_line-height) var(--_font);
    color: var(--_text);
  }

  :host([theme='light']) {
    --rl-scheme: light;
  }

  :host([theme='dark']) {
    --rl-scheme: dark;
  }

  :host([theme='auto']) {
    --rl-scheme: light dark;
  }

  :host([hidden]) {
    display: none !important;
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --_motion: 0ms;
    }

    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
