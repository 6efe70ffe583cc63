/** Asks the sender for discontinuous transmission of Opus (RFC 7587 §6.1): silence costs next to nothing. */
export function withDtx(sdp: string): string {
  const fmtp = /(^a=rtpmap:(\d+) opus\/48000[^]*?^a=fmtp:\2 )(?!.*usedtx)/im;
  return sdp.replace(fmtp, '$1usedtx=1;');
}

/** Whether a candidate line (RFC 8839 §5.1) leads over TURN and shows no address of this device. */
export function isRelayed(candidate: string): boolean {
  return / typ relay\b/.test(candidate);
}

/** The description without candidates that show an address of this device. */
export function withRelaysOnly(sdp: string): string {
  return sdp.replace(/^a=candidate:.*\r?\n/gm, (line) => (isRelayed(line) ? line : ''));
}
