/**
 * The kinds of candidates that reach a peer of this machine without a relay. A peer whose check comes
 * before its address is heard of, or before that `.local` name is looked up, is `prflx` (RFC 8445 §7.3.1.3).
 */
export const DIRECT = /^(?:host|prflx)$/;
