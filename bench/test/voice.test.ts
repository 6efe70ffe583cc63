import { expect, test } from 'vitest';
import { measureVoice } from '../src/voice/measure.ts';
import { voiceTable } from '../src/voice/table.ts';

test('the table of the voice says what each listener costs', () => {
  const table = voiceTable({
    listeners: 200,
    cores: 0.125,
    bytesPerListener: 2 ** 18,
    connectCpuMs: 4.25,
    packetsPerSecond: 9_998.4,
    packetsMissing: 3,
    firstPacketMs: [3, 2, 1_002, 4],
  });
  expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['the server’s voice, 200 listeners'],
    ['processor, all of them', '12.5', '% of a core'],
    ['processor, each', '0.063', '% of a core'],
    ['memory, each', '0.25', 'MiB'],
    ['setting one up', '4.3', 'ms of processor, with playing to the others'],
    ['packets', '9998', 'a second, 10000 are due'],
    ['packets missing', '3'],
    ['first packet, median', '4', 'ms after it was asked for'],
    ['first packet, nine in ten', '1002', 'ms'],
  ]);
});

test.runIf(process.platform === 'linux')('a small measurement hears what is due', async () => {
  const { packetsPerSecond, packetsMissing, firstPacketMs } = await measureVoice({
    listeners: 3,
    seconds: 3,
  });
  // 150 are due. A busy machine stands still at times, and is sent later what was due then.
  expect(packetsPerSecond).toBeGreaterThan(90);
  expect(packetsPerSecond).toBeLessThan(210);
  expect([packetsMissing, firstPacketMs.length]).toEqual([0, 2]);
});
