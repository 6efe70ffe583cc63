/** Asks the sender for discontinuous transmission of Opus (RFC 7587 §6.1): silence costs next to nothing. */
export function withDtx(sdp: string): string {
  const payloadType = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (payloadType === undefined) return sdp;
  const fmtp = new RegExp(`^(a=fmtp:${payloadType} )(?!.*usedtx)(.*?)(\\r?)$`, 'm');
  return sdp.replace(fmtp, '$1$2;usedtx=1$3');
}

/** Whether a candidate line (RFC 8839 §5.1) leads over TURN and shows no address of this device. */
export function isRelayed(candidate: string): boolean {
  return / typ relay\b/.test(candidate);
}

/** The description without candidates that show an address of this device. */
export function withRelaysOnly(sdp: string): string {
  return sdp.replace(/^a=candidate:.*\r?\n/gm, (line) => (isRelayed(line) ? line : ''));
}
