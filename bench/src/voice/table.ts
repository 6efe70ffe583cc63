import { columns } from '../columns.ts';
import { median, percentile } from '../statistics.ts';
import type { VoiceFigures } from './measure.ts';

/** The figures as a table for a terminal. */
export function voiceTable(figures: VoiceFigures): string {
  const { listeners, cores, bytesPerListener, connectCpuMs, firstPacketMs } = figures;
  const rows = [
    [`the server’s voice, ${listeners} listeners`, '', ''],
    ['processor, all of them', (100 * cores).toFixed(1), '% of a core'],
    ['processor, each', ((100 * cores) / listeners).toFixed(3), '% of a core'],
    ['memory, each', (bytesPerListener / 2 ** 20).toFixed(2), 'MiB'],
    ['setting one up', connectCpuMs.toFixed(1), 'ms of processor, with playing to the others'],
    ['packets', figures.packetsPerSecond.toFixed(0), `a second, ${listeners * 50} are due`],
    ['packets missing', String(figures.packetsMissing), ''],
    ['first packet, median', median(firstPacketMs).toFixed(0), 'ms after it was asked for'],
    ['first packet, nine in ten', percentile(firstPacketMs, 0.9).toFixed(0), 'ms'],
  ];
  return columns(rows, [1]);
}
