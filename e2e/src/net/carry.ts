import { read, write } from 'node:fs';
import { createInterface } from 'node:readline';
import { SeededRandomness } from '@ringline/testkit';
import type { LineState } from './line.ts';

/** Runs between two TUN interfaces: carries each packet to the other end, as well as the line is just now. */

const LARGEST_PACKET_BYTES = 65_536;
/** What does not fit is lost: as much as a usual router keeps waiting. */
const QUEUE_MS = 200;
/** RFC 791 §3.1: the protocol field, and UDP's number. */
const PROTOCOL_AT = 9;
const UDP = 17;

const [near = 0, far = 0] = process.argv.slice(3).map(Number);
let state = JSON.parse(process.argv[2] ?? '{}') as LineState;

/** One direction. */
function carry(from: number, to: number): void {
  // The same losses in each run.
  const randomness = new SeededRandomness(from);
  let isFreeAt = 0;
  const carryOne = (packet: Buffer) => {
    const { delayMs, lossRatio, kbps } = state;
    // Signalling over TCP comes through: it is the loss of media that is looked at.
    if (packet[PROTOCOL_AT] === UDP && randomness.chance(lossRatio)) return;
    const now = performance.now();
    const beginsAt = Math.max(now, isFreeAt);
    if (beginsAt - now > QUEUE_MS) return;
    isFreeAt = beginsAt + (packet.length * 8) / kbps;
    // An interface that is down takes no packets: they are lost, as on any line.
    setTimeout(() => write(to, packet, () => undefined), isFreeAt - now + delayMs);
  };
  const buffer = Buffer.alloc(LARGEST_PACKET_BYTES);
  const receive = () => {
    read(from, buffer, 0, buffer.length, null, (error, length) => {
      if (error !== null) throw error;
      carryOne(Buffer.from(buffer.subarray(0, length)));
      receive();
    });
  };
  receive();
}

carry(near, far);
carry(far, near);
createInterface(process.stdin).on('line', (line) => {
  state = JSON.parse(line) as LineState;
  console.log('changed');
});
console.log('ready');
