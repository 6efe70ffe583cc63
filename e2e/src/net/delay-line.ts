import { read, write } from 'node:fs';

/** Runs between two TUN interfaces: carries each packet to the other end, so many milliseconds later. */

const LARGEST_PACKET_BYTES = 65_536;

const [delayMs = 0, near = 0, far = 0] = process.argv.slice(2).map(Number);

function carry(from: number, to: number): void {
  const packet = Buffer.alloc(LARGEST_PACKET_BYTES);
  const next = () => {
    read(from, packet, 0, packet.length, null, (error, length) => {
      if (error !== null) throw error;
      const copy = Buffer.from(packet.subarray(0, length));
      // An interface that is down takes no packets: they are lost, as on any line.
      setTimeout(() => write(to, copy, () => undefined), delayMs);
      next();
    });
  };
  next();
}

carry(near, far);
carry(far, near);
console.log('ready');
