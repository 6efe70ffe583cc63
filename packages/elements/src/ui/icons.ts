import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';

const HANDSET =
  'M6.2 3.5h2.3c.5 0 .9.3 1 .8l.8 3.2c.1.4 0 .8-.3 1.1L8.2 10.3c1.2 2.4 3.1 4.3 5.5 5.5l1.7-1.8c.3-.3.7-.4 1.1-.3l3.2.8c.5.1.8.5.8 1v2.3c0 1-.8 1.8-1.8 1.7C10.9 19 5 13.1 4.5 5.3 4.4 4.3 5.2 3.5 6.2 3.5z';
const CAMERA =
  'M4.5 6.5h8.5a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H4.5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM15 10.5l5-2.9a.7.7 0 0 1 1 .6v7.6a.7.7 0 0 1-1 .6l-5-2.9';
const MICROPHONE =
  'M12 3.5a2.8 2.8 0 0 1 2.8 2.8v4.9a2.8 2.8 0 0 1-5.6 0V6.3A2.8 2.8 0 0 1 12 3.5zM5.8 11.2a6.2 6.2 0 0 0 12.4 0M12 17.4v3.1M9 20.5h6';
const STRIKE = 'M4 4l16 16';

const SHAPES = {
  phone: [HANDSET],
  video: [CAMERA],
  videoOff: [CAMERA, STRIKE],
  microphone: [MICROPHONE],
  microphoneOff: [MICROPHONE, STRIKE],
  hangUp: [
    'M2.8 14.2c-.5-.9-.3-2 .5-2.7 4.9-4.3 12.5-4.3 17.4 0 .8.7 1 1.8.5 2.7l-.8 1.3c-.3.5-.9.7-1.4.5l-2.8-1c-.5-.2-.8-.6-.8-1.1v-1.7a11 11 0 0 0-6.8 0v1.7c0 .5-.3.9-.8 1.1l-2.8 1c-.5.2-1.1 0-1.4-.5z',
  ],
  message: [
    'M5 4.5h14a1.8 1.8 0 0 1 1.8 1.8v8.4a1.8 1.8 0 0 1-1.8 1.8h-7.5L7 20v-3.5H5a1.8 1.8 0 0 1-1.8-1.8V6.3A1.8 1.8 0 0 1 5 4.5z',
  ],
  people: [
    'M9 11.5a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2zM2.5 20c.3-3.4 3.1-5.4 6.5-5.4s6.2 2 6.5 5.4M15.8 4.7a3.4 3.4 0 0 1 0 6.4M18 15c2 .8 3.4 2.6 3.5 5',
  ],
  clock: ['M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3.2 2'],
  settings: ['M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5M15 5v4M9 10v4M13 15v4'],
  search: ['M10.8 4a6.8 6.8 0 1 0 0 13.6 6.8 6.8 0 0 0 0-13.6zM15.8 15.8L20.5 20.5'],
  incoming: ['M18 6L7.5 16.5M7.5 9v7.5H15'],
  outgoing: ['M6 18L16.5 7.5M9 7.5h7.5V15'],
  missed: ['M4 8l6.8 6.8L20 5.6M4 13V8h5'],
  hold: ['M9 5.5v13M15 5.5v13'],
  resume: ['M8 5.2l10.5 6.8L8 18.8z'],
  swap: ['M6.5 8h11M14 4.5L17.5 8 14 11.5M17.5 16h-11M10 12.5L6.5 16l3.5 3.5'],
  videoAdd: [CAMERA, 'M8.7 9.4v5.2M6.1 12h5.2'],
  videoEnd: [CAMERA, 'M6.7 10l4 4M10.7 10l-4 4'],
  expand: ['M14.5 4.5h5v5M19.5 4.5l-6 6M9.5 19.5h-5v-5M4.5 19.5l6-6'],
  shrink: ['M19.5 9.5h-5v-5M14.5 9.5l5.5-5.5M4.5 14.5h5v5M9.5 14.5L4 20'],
  minimise: ['M4 5.5h16v13H4zM12.5 12h5v4h-5z'],
  speaker: ['M4 9.5h3.2L11.5 6v12l-4.3-3.5H4zM15 9a4.2 4.2 0 0 1 0 6M17.8 6.5a8 8 0 0 1 0 11'],
  bell: ['M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5h-14zM10 20.5h4'],
  back: ['M14.5 5.5L8 12l6.5 6.5'],
  close: ['M6 6l12 12M18 6L6 18'],
  send: ['M4.5 5l15.5 7-15.5 7 2.3-7zM6.8 12H13'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  checks: ['M2.5 12.5L7 17l9.5-9.5M11.5 16.5l.5.5 9.5-9.5'],
  warn: ['M12 4.5l8.5 15h-17zM12 10v4.5M12 17v.2'],
  dial: ['M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01'],
  signOut: ['M10 4.5H6a1.5 1.5 0 0 0-1.5 1.5v12A1.5 1.5 0 0 0 6 19.5h4M15 8l4 4-4 4M19 12H9.5'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The name of an icon. */
export type IconName = keyof typeof SHAPES;

/** A line icon in the colour of its text; it says nothing to readers, so its button needs a name. */
export function icon(name: IconName): TemplateResult {
  const paths = SHAPES[name].map((shape) => svg`<path d=${shape}></path>`);
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`;
}
