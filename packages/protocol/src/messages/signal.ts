/** A session description (RFC 8829), as the browser makes it. */
export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** An ICE candidate (RFC 8839), as the browser makes it. */
export interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
}

/** What two devices of a call tell each other about their connection; forwarded, never stored. */
export type Signal =
  | { readonly kind: 'description'; readonly description: Description }
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  /** The callee's device asks the caller's to restart ICE: only the caller's offers. */
  | { readonly kind: 'restart' };
