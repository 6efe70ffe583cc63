const SVG = 'http://www.w3.org/2000/svg';

const HANDSET =
  'M7 4H4.5C3.7 4 3 4.7 3.1 5.5 3.7 13.5 10.5 20.3 18.5 20.9c.8.1 1.5-.6 1.5-1.4V17l-4.5-1.5-2 2C10.9 16.2 7.8 13.1 6.5 10.5l2-2z';
const CAMERA = 'M3 7.5h11v9H3zM14 11l6.5-3.5v9L14 13';
const MICROPHONE = 'M9.5 4.5h5v8h-5zM6.5 11.5c0 3 2.5 5 5.5 5s5.5-2 5.5-5M12 16.5V20';
const STRIKE = 'M4 4l16 16';

const SHAPES = {
  phone: [HANDSET],
  video: [CAMERA],
  videoOff: [CAMERA, STRIKE],
  microphone: [MICROPHONE],
  microphoneOff: [MICROPHONE, STRIKE],
  hangUp: ['M3 13.5c5-5 13-5 18 0l-2.5 3-3.5-1.5v-3c-2-.7-4-.7-6 0v3L5.5 16.5z'],
  message: ['M4 5h16v11H10l-4 3.5V16H4z'],
  people: [
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5M16 5a3.2 3.2 0 0 1 0 6M18 14.8c2.2.8 3.5 2.6 3.5 5.2',
  ],
  clock: ['M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2'],
  incoming: ['M18 6L7 17M7 9v8h8'],
  outgoing: ['M6 18L17 7M9 7h8v8'],
  missed: ['M4 7l7.5 7.5L20 6M4 12.5V7h5.5'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The name of an icon. */
export type IconName = keyof typeof SHAPES;

/** A line icon in the colour of its text; it says nothing to readers, so its button needs a name. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  for (const shape of SHAPES[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', shape);
    svg.append(path);
  }
  return svg;
}
