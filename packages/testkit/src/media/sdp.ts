import type { TrackKind } from './track.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** One m-line of a fake description. */
export interface MediaSection {
  readonly mid: string;
  readonly kind: TrackKind;
  readonly direction: Direction;
  readonly stream: string;
}

/** All that a fake session description says. */
export interface FakeDescription {
  readonly fingerprint: string;
  readonly ufrag: string;
  readonly sections: readonly MediaSection[];
  readonly candidates: readonly string[];
}

const NO_STREAM = '-';

/** A fake description as text in the form of SDP (RFC 8866), so that code which edits lines finds them. */
export function writeSdp(description: FakeDescription): string {
  const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];
  const transport = [
    `a=fingerprint:sha-256 ${description.fingerprint}`,
    `a=ice-ufrag:${description.ufrag}`,
    ...description.candidates.map((candidate) => `a=${candidate}`),
  ];
  const lines = [...head, ...transport, ...description.sections.flatMap(linesOf)];
  return lines.map((line) => `${line}\r\n`).join('');
}

function linesOf({ mid, kind, direction, stream }: MediaSection): string[] {
  const codec =
    kind === 'audio'
      ? ['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1']
      : ['a=rtpmap:96 VP8/90000'];
  const msid = `a=msid:${stream === '' ? NO_STREAM : stream}`;
  const port = kind === 'audio' ? 111 : 96;
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${port}`,
    `a=mid:${mid}`,
    `a=${direction}`,
    msid,
    ...codec,
  ];
}

/** What a text of `writeSdp`, perhaps edited, says; undefined when it is none. */
export function readSdp(sdp: string): FakeDescription | undefined {
  const [head = '', ...sections] = sdp.split(/^(?=m=)/m);
  const fingerprint = /^a=fingerprint:sha-256 (\S+)/m.exec(head)?.[1];
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(head)?.[1];
  if (fingerprint === undefined || ufrag === undefined) return undefined;
  const candidates = [...head.matchAll(/^a=(candidate:.*?)\r?$/gm)].map((match) => match[1] ?? '');
  return { fingerprint, ufrag, sections: sections.map(readSection), candidates };
}

function readSection(text: string): MediaSection {
  const stream = /^a=msid:(\S+)/m.exec(text)?.[1] ?? NO_STREAM;
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(text)?.[1] ?? 'sendrecv';
  return {
    mid: /^a=mid:(\S+)/m.exec(text)?.[1] ?? '',
    kind: text.startsWith('m=video') ? 'video' : 'audio',
    direction: direction as Direction,
    stream: stream === NO_STREAM ? '' : stream,
  };
}

/** A candidate line (RFC 8839 §5.1) that carries its ufrag, as browsers' do. */
export function candidateLine(device: string, type: 'host' | 'relay', ufrag: string): string {
  const address = `${device.replaceAll(/\W/g, '-')}.${type}.test`;
  return `candidate:1 1 udp 2113937151 ${address} 50000 typ ${type} ufrag ${ufrag}`;
}

/** The ufrag that a candidate line names, or undefined. */
export function ufragOf(candidate: string): string | undefined {
  return / ufrag (\S+)/.exec(candidate)?.[1];
}

/** Whether a side with this direction sends. */
export function sends(direction: Direction | null): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

function receives(direction: Direction | null): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** The direction of an answer: what this side wants, as far as the offer allows (RFC 3264 §6.1). */
export function answerDirection(own: Direction, offered: Direction): Direction {
  return directionOf(sends(own) && receives(offered), receives(own) && sends(offered));
}

function directionOf(send: boolean, receive: boolean): Direction {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}
