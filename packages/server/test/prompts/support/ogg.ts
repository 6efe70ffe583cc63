/** What an Ogg file of one Opus stream is made of; each part can be made wrong. */
export interface OggParts {
  readonly head?: Uint8Array;
  readonly tags?: Uint8Array;
  readonly packets: readonly Uint8Array[];
}

/** OpusHead of RFC 7845 §5.1. */
export function opusHead({ version = 1, channels = 1, gain = 0, family = 0 } = {}): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead');
  head.set([version, channels], 8);
  head.writeUInt16LE(312, 10);
  head.writeUInt32LE(48_000, 12);
  head.writeInt16LE(gain, 16);
  head[18] = family;
  return head;
}

/** Segments of packets: 255 go on, fewer end one. */
export function segmentsOf(packet: Uint8Array): Uint8Array[] {
  const count = Math.floor(packet.length / 255) + 1;
  return Array.from({ length: count }, (_, i) => packet.subarray(i * 255, (i + 1) * 255));
}

/** One page (RFC 3533 §6); its checksum is left out, as nobody looks at it. */
export function oggPage(
  segments: readonly Uint8Array[],
  { flags = 0, serial = 7, sequence = 0 } = {},
): Uint8Array {
  const header = Buffer.alloc(27);
  header.write('OggS');
  header[5] = flags;
  header.writeUInt32LE(serial, 14);
  header.writeUInt32LE(sequence, 18);
  header[26] = segments.length;
  return Buffer.concat([header, Buffer.from(segments.map(({ length }) => length)), ...segments]);
}

/** A file whose sound lies on pages of at most so many segments, so that packets cross pages. */
export function oggFile({ head, tags, packets }: OggParts, segmentsPerPage = 50): Buffer {
  const pages = [
    oggPage(segmentsOf(head ?? opusHead()), { flags: 2 }),
    oggPage(segmentsOf(tags ?? Buffer.from('OpusTags')), { sequence: 1 }),
  ];
  const segments = packets.flatMap(segmentsOf);
  for (let at = 0; at < segments.length; at += segmentsPerPage) {
    const goesOn = at > 0 && segments[at - 1]?.length === 255;
    const place = { flags: goesOn ? 1 : 0, sequence: pages.length };
    pages.push(oggPage(segments.slice(at, at + segmentsPerPage), place));
  }
  return Buffer.concat(pages);
}

/** A packet of 20 ms (CELT, one frame) with something in it to tell it by. */
export function packetOf(mark: number, bytes = 40): Uint8Array {
  const packet = Buffer.alloc(bytes, mark % 256);
  packet[0] = 31 << 3;
  return packet;
}
