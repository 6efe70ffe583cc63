const join = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n`;

/** What Chromium answers to an offer of the engine. */
export const CHROMIUM_ANSWER = join([
  'v=0',
  'o=- 4421904571103459276 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=msid-semantic: WMS',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=ice-ufrag:3cJx',
  'a=ice-pwd:dBO8sTfUUOVTR4lkGdQiXcPB',
  'a=ice-options:trickle',
  'a=fingerprint:sha-256 6F:0C:13:7D:8A:02:55:C1:EE:34:9B:70:11:4A:D3:98:21:5C:0B:AF:77:42:E0:3D:88:16:F9:64:5E:B2:CD:07',
  'a=setup:active',
  'a=mid:0',
  'a=recvonly',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
]);

/** What Firefox answers to it. */
export const FIREFOX_ANSWER = join([
  'v=0',
  'o=mozilla...THIS_IS_SDPARTA-99.0 2750387230293873241 0 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'a=fingerprint:sha-256 9A:5E:33:C7:20:81:4D:FA:16:BC:07:E8:92:44:3B:D5:6F:10:A9:7C:58:E1:0D:84:F6:2B:C3:95:71:AE:48:0F',
  'a=group:BUNDLE 0',
  'a=ice-options:trickle',
  'a=msid-semantic:WMS *',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=recvonly',
  'a=fmtp:111 maxplaybackrate=48000;stereo=1;useinbandfec=1',
  'a=ice-pwd:5a0d3f1b2c4e6f708192a3b4c5d6e7f8',
  'a=ice-ufrag:1f2e3d4c',
  'a=mid:0',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=setup:active',
]);
