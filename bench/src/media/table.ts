import { columns } from '../columns.ts';
import type { Traffic } from '../../pages/meter.ts';
import type { Mode } from './plan.ts';
import type { Row, Spread } from './samples.ts';

/** Times as a table: a median with its least and most for each mode, and how many times faster than without. */
export function timesTable(title: string, rows: readonly Row[], modes: readonly Mode[]): string {
  const others = modes.filter((mode) => mode !== 'off');
  const headings = [title, ...modes, ...others.map((mode) => `off/${mode}`)];
  const lines = rows.map(({ name, byMode }) => [
    name,
    ...modes.map((mode) => written(byMode.get(mode))),
    ...others.map((mode) => ratio(byMode.get('off'), byMode.get(mode))),
  ]);
  return columns([headings, ...lines], headings.map((_, column) => column).slice(1));
}

function written(spread: Spread | undefined): string {
  if (spread === undefined) return '–';
  const { median, least, most } = spread;
  return `${median.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;
}

function ratio(off: Spread | undefined, on: Spread | undefined): string {
  if (off === undefined || on === undefined) return '';
  return `${(off.median / on.median).toFixed(1)} ×`;
}

/** What went out before the accept, for each mode. */
export interface BeforeAccept {
  readonly mode: Mode;
  readonly caller: Traffic;
  readonly callee: Traffic;
  readonly devicesOpened: number;
}

/** What was sent and shown while it rang, as a table. */
export function trafficTable(title: string, found: readonly BeforeAccept[]): string {
  const rows: readonly (readonly [string, (of: BeforeAccept) => string | number])[] = [
    ['sound and picture, packets', ({ callee }) => callee.rtpPackets],
    ['DTLS and RTCP, packets', ({ callee }) => callee.allPackets - callee.rtpPackets],
    ['DTLS and RTCP, bytes', ({ callee }) => callee.allBytes],
    ['ICE checks', ({ callee }) => callee.stunRequests],
    ['microphones and cameras opened', ({ devicesOpened }) => devicesOpened],
    ['addresses the caller sees', ({ caller }) => caller.peerAddresses.join(', ') || 'none'],
    ['addresses the callee sees', ({ callee }) => callee.peerAddresses.join(', ') || 'none'],
  ];
  const headings = [title, ...found.map(({ mode }) => mode)];
  const lines = rows.map(([name, cell]) => [name, ...found.map((one) => String(cell(one)))]);
  return columns([headings, ...lines], headings.map((_, column) => column).slice(1));
}
