/** Asks the sender for discontinuous transmission of Opus (RFC 7587 §6.1): silence costs next to nothing. */
export function withDtx(sdp: string): string {
  const payloadType = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (payloadType === undefined) return sdp;
  const fmtp = new RegExp(`^(a=fmtp:${payloadType} )(?!.*usedtx)(.*?)(\\r?)$`, 'm');
  return sdp.replace(fmtp, '$1$2;usedtx=1$3');
}
