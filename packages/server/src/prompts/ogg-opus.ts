import { OPUS_RATE, samplesIn } from './opus-packet.ts';
import type { OpusPacket } from './opus-packet.ts';
import { SoundFault } from './sound-fault.ts';

/** A sound as the packets that are sent, one after the other. */
export interface Clip {
  readonly packets: readonly OpusPacket[];
}

/** How long a clip sounds, in seconds. */
export function secondsOf({ packets }: Clip): number {
  return packets.reduce((sum, { samples }) => sum + samples, 0) / OPUS_RATE;
}

/** A page's header without its segment table (RFC 3533 §6). */
const PAGE_HEADER_BYTES = 27;
const CONTINUED = 1;
const FIRST_PAGE = 2;
/** Beyond it a packet no longer fits one datagram on every path: IPv6's least MTU, less what goes around it. */
const MAX_PACKET_BYTES = 1200;

interface Page {
  readonly flags: number;
  readonly serial: number;
  readonly sequence: number;
  /** Lengths of its segments; one under 255 ends a packet. */
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
}

/** Reads an Ogg Opus file (RFC 7845) of one stream; throws a SoundFault that says what is wrong with it. */
export function readOggOpus(file: Uint8Array): Clip {
  const [head, tags, ...sound] = packetsOf(pagesOf(file));
  checkHead(head);
  if (!startsWith(tags, 'OpusTags')) throw new SoundFault('is not Ogg Opus: it has no OpusTags');
  if (sound.length === 0) throw new SoundFault('has no sound in it');
  return { packets: sound.map(soundPacket) };
}

/** RFC 7845 §5.1: magic, version, channels, pre-skip, rate, gain, channel mapping. */
function checkHead(head: Uint8Array | undefined): void {
  if (head === undefined || head.length < 19 || !startsWith(head, 'OpusHead')) {
    throw new SoundFault('is not Ogg Opus: it does not begin with OpusHead');
  }
  const view = viewOf(head);
  const version = view.getUint8(8);
  if (version >= 16) throw new SoundFault(`is Ogg Opus of an unknown version, ${version}`);
  const channels = view.getUint8(9);
  if (channels < 1 || channels > 2 || view.getUint8(18) !== 0) {
    throw new SoundFault(`has ${channels} channels; one or two can be sent`);
  }
  // Packets carry no gain: who plays them would not know of it.
  if (view.getInt16(16, true) !== 0) throw new SoundFault('has an output gain; encode it without');
}

function soundPacket(bytes: Uint8Array): OpusPacket {
  const samples = samplesIn(bytes);
  if (samples === undefined) throw new SoundFault('has a packet that is not Opus');
  if (bytes.length > MAX_PACKET_BYTES) {
    const limit = `one packet can be ${MAX_PACKET_BYTES}`;
    throw new SoundFault(
      `has a packet of ${bytes.length} bytes, ${limit}; encode it at a lower rate`,
    );
  }
  return { bytes, samples };
}

function* pagesOf(file: Uint8Array): Generator<Page> {
  let first: Page | undefined;
  let count = 0;
  for (let at = 0; at < file.length; count++) {
    const page = pageAt(file, at);
    first ??= page;
    checkOrder(page, first, count);
    yield page;
    at += PAGE_HEADER_BYTES + page.lacing.length + page.body.length;
  }
}

function pageAt(file: Uint8Array, at: number): Page {
  if (!startsWith(file.subarray(at), 'OggS')) {
    throw new SoundFault(at === 0 ? 'is not an Ogg file' : `has no Ogg page at byte ${at}`);
  }
  const header = file.subarray(at, at + PAGE_HEADER_BYTES);
  if (header.length < PAGE_HEADER_BYTES) throw cutOff();
  const view = viewOf(header);
  const bodyAt = at + PAGE_HEADER_BYTES + view.getUint8(26);
  const lacing = file.subarray(at + PAGE_HEADER_BYTES, bodyAt);
  const size = lacing.reduce((sum, length) => sum + length, 0);
  if (bodyAt + size > file.length) throw cutOff();
  return {
    flags: view.getUint8(5),
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    lacing,
    body: file.subarray(bodyAt, bodyAt + size),
  };
}

function checkOrder(page: Page, first: Page, count: number): void {
  const begins = (page.flags & FIRST_PAGE) !== 0;
  if (page.serial !== first.serial || begins !== (count === 0)) {
    throw new SoundFault('holds more than one stream');
  }
  if (page.sequence !== (first.sequence + count) >>> 0) throw new SoundFault('misses a page');
}

/** A packet may lie across pages (RFC 3533 §5). */
function* packetsOf(pages: Iterable<Page>): Generator<Uint8Array> {
  let parts: Uint8Array[] = [];
  for (const { flags, lacing, body } of pages) {
    if (((flags & CONTINUED) !== 0) !== parts.length > 0) throw new SoundFault('misses a page');
    let start = 0;
    let end = 0;
    for (const length of lacing) {
      end += length;
      if (length === 255) continue;
      yield joined([...parts, body.subarray(start, end)]);
      parts = [];
      start = end;
    }
    if (start < end) parts.push(body.subarray(start));
  }
  if (parts.length > 0) throw cutOff();
}

function cutOff(): SoundFault {
  return new SoundFault('is cut off');
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(parts));
}

function startsWith(bytes: Uint8Array | undefined, text: string): boolean {
  return (
    bytes !== undefined && Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
