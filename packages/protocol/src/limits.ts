/** Every limit and time of the system, with its reason. Sizes are UTF-8 bytes unless the name says otherwise. */

/** One WebSocket frame: a message of 32 KB may be escaped six-fold in JSON. */
export const MAX_FRAME_BYTES = 256 * 1024;
/** User and device ids, and keys of messages: room for a UUID, an e-mail address or a prefixed key of the customer's. */
export const MAX_ID_BYTES = 64;
/** The id of an inbox item: the longest is `record:` and a call's id. */
export const MAX_ITEM_ID_BYTES = 7 + MAX_ID_BYTES;
/** Content of an invitation and of a response: the limit of RTM 1.x. */
export const MAX_CONTENT_BYTES = 8 * 1024;
/** A text or data message: the limit of RTM 1.x. */
export const MAX_MESSAGE_BYTES = 32 * 1024;
/** Nesting of a data message: deeper JSON is an attack on recursive readers, not data. */
export const MAX_DATA_DEPTH = 32;
/** A session description: Chromium's for two media is about 6 KB. */
export const MAX_SDP_BYTES = 32 * 1024;
/** One ICE candidate line: real ones are under 300 bytes. */
export const MAX_CANDIDATE_BYTES = 1024;
/** Signals one device may send for one call on one connection: several restarts with all their candidates. */
export const MAX_SIGNALS_PER_CALL = 1000;
/** Display name and avatar address that a token may carry. */
export const MAX_NAME_BYTES = 256;
export const MAX_AVATAR_BYTES = 2048;
/** A token: a signed JWT with the claims that we read is under 1 KB. */
export const MAX_TOKEN_BYTES = 8 * 1024;
/** A call record of another vendor: its fields sum up to 15 KB, which JSON may escape. */
export const MAX_RECORD_TEXT_BYTES = 64 * 1024;
/** The body of a copy-out: a text of 32 KB may be escaped six-fold in JSON; data, which are JSON already, no more than twofold once more. */
export const MAX_COPY_OUT_BYTES = 256 * 1024;
/** Devices of one user that may be connected at once: more are a loop that opens tabs, not a person. */
export const MAX_DEVICES_PER_USER = 10;
/** Calls one hello or heartbeat may name: two open per user, and the ended ones not yet told. */
export const MAX_NAMED_CALLS = 16;
/** Protocol versions one hello may offer. */
export const MAX_OFFERED_VERSIONS = 16;
/** Users one device may watch: the limit of RTM 1.x, and a list of the longest ids is one frame of 35 KB. */
export const MAX_WATCHED_USERS = 512;
/** Results kept per device, so that a command repeated after a reconnect is answered and not done twice. */
export const KEPT_RESULTS = 16;
/** Items in one page of an inbox or a history. */
export const MAX_PAGE_ITEMS = 100;
/** Inbox items sent to a device that it has not acknowledged: bounds what a slow device can make us hold. */
export const INBOX_WINDOW = 256;
/** And in bytes: half of what may queue to one socket, so that a full inbox never makes a slow consumer. */
export const INBOX_WINDOW_BYTES = 512 * 1024;
/** One page of a history, in bytes: an answer that takes no longer than an inbox window. */
export const MAX_PAGE_BYTES = 512 * 1024;
/** Unread items of one peer are counted up to this and no further: a badge says 99+, and a count costs so many rows at most. */
export const MAX_UNREAD = 100;
/** Missed calls are counted up to here: a badge says “99+”, and nobody reads more. */
export const MAX_MISSED = 100;
/** Messages of one device that may wait while the store is slow. */
export const MAX_WAITING_MESSAGES = 256;

/** Bare invitations that one hello or heartbeat may name: as many as a user may have open, and those that ended meanwhile. */
export const MAX_NAMED_INVITATIONS = 128;
/** Bare invitations that one user may have open as a caller: RTM names no limit, and this is a loop, not a person. */
export const MAX_OPEN_INVITATIONS = 64;
/** And as a callee, from all callers: with its own no more than a page may name. */
export const MAX_INCOMING_INVITATIONS = MAX_NAMED_INVITATIONS - MAX_OPEN_INVITATIONS;
/** And from one caller to one callee: to several things at once, and some that were made again; no caller takes all the room of a callee. */
export const MAX_INVITATIONS_TO_ONE = 8;
/** A channel's id: the limit of RTM 1.x. */
export const MAX_CHANNEL_BYTES = 64;
/** Channels that one page may be in: the limit of RTM 1.x. */
export const MAX_JOINED_CHANNELS = 20;
/** Above so many members a channel tells no more who joins and leaves, only how many there are: as in RTM 1.x. */
export const MAX_TOLD_MEMBERS = 512;
/** What was said in a channel while a page was away is told it up to here, the latest: the limit of RTM 1.x. */
export const MAX_MISSED_CHANNEL_MESSAGES = 32;
/** Members that one answer names, the first by user id: with the longest ids it is half of what may queue to one socket. */
export const MAX_LISTED_MEMBERS = 4_096;
/** Channels whose members may be counted at once: the limit of RTM 1.x. */
export const MAX_COUNTED_CHANNELS = 32;
/** Attributes of one user or channel, their keys, one value, and all of them: the limits of RTM 1.x. */
export const MAX_ATTRIBUTES = 32;
export const MAX_ATTRIBUTE_KEY_BYTES = 32;
export const MAX_ATTRIBUTE_BYTES = 8 * 1024;
export const MAX_USER_ATTRIBUTES_BYTES = 16 * 1024;
export const MAX_CHANNEL_ATTRIBUTES_BYTES = 32 * 1024;

/** Entries of ICE servers one device is given: one for STUN, one for TURN. */
export const MAX_ICE_SERVERS = 2;
/** Addresses in one of them: a browser asks every one of them in every call, and warns beyond five. */
export const MAX_ICE_URLS = 8;
/** Such an address: a host name is at most 253 bytes (RFC 1035 §2.3.4). */
export const MAX_ICE_URL_BYTES = 300;
/** A TURN username or credential: what STUN carries (RFC 8489 §14.3). */
export const MAX_ICE_NAME_BYTES = 512;

/** A language tag, as in `zh-Hans-CN`: what RFC 5646 §4.4.1 asks everybody to take. */
export const MAX_LANGUAGE_BYTES = 35;

/** How long a phone rings unless the caller says otherwise: the limit of RTM 1.x. */
export const RING_TIMEOUT_MS = 60_000;
/** The longest a caller may ask for: beyond two minutes nobody answers. */
export const MAX_RING_TIMEOUT_MS = 120_000;
/** The shortest: a page needs this to load its ringtone and a person to look up. */
export const MIN_RING_TIMEOUT_MS = 1_000;
/** A callee with no device since the invitation is offline after this: RTM's PEER_OFFLINE. */
export const OFFLINE_AFTER_MS = 30_000;
/** A leg whose page has not reported by then is `unresponsive`: a frozen tab cannot report itself. */
export const RECEIPT_TIMEOUT_MS = 5_000;
/** Grace of a lost caller before the accept: nobody rings for a caller who is gone. */
export const CALLER_GRACE_MS = 8_000;
/** Grace of a lost device in an established call: a lift, a tunnel, a server restart. */
export const GRACE_MS = 30_000;
/** Both devices report media within this of the accept, or the call ends `media-failed`. */
export const CONNECT_TIMEOUT_MS = 15_000;
/** Both devices report media within this of the resume that clears the last hold, or it has failed. */
export const RESUME_TIMEOUT_MS = 10_000;
/** A picture that was asked for is agreed to within this: as long as a person looks for the button. */
export const VIDEO_REQUEST_MS = 30_000;
/** After a longer hold a picture is asked for again: whoever agreed to be seen may have left the room. */
export const VIDEO_CONSENT_MS = 300_000;
/** A voice tells a caller for so long at most why nobody answered: a customer's long text, said a few times. */
export const MAX_ANNOUNCING_MS = 60_000;

/** A bare invitation that no page of the callee has reported by then has failed: RTM's PEER_OFFLINE and PEER_NO_RESPONSE. */
export const INVITATION_REACH_MS = 30_000;
/** A bare invitation that nobody has answered by then, since it was sent, has expired: RTM's INVITATION_EXPIRE. */
export const INVITATION_LIFE_MS = 60_000;
/** The caller's page confirms an acceptance within this: RTM's ACCEPT_FAILURE. */
export const CONFIRM_TIMEOUT_MS = 5_000;
/** A page that is lost is RTM's UNREACHABLE after this since it was last heard. */
export const RTM_UNREACHABLE_AFTER_MS = 6_000;
/** And OFFLINE after this: its channels and attributes are gone. */
export const RTM_OFFLINE_AFTER_MS = 30_000;
/** A message of RTM reaches its peer within this, or counts as not received. */
export const RTM_MESSAGE_TIMEOUT_MS = 10_000;

/** A report of a call's quality is taken this long after its end: a page that was offline is back by then. */
export const QUALITY_REPORT_WITHIN_MS = 300_000;
/** The best score there is: R = 100 on the scale of ITU-T G.107, Annex B. */
export const MAX_MOS = 4.5;
/** The longest time that one report covers, a week: a longer call is a telephone that was forgotten. */
export const MAX_MEASURED_SECONDS = 604_800;
/** The longest round trip or jitter in a report: beyond a minute nobody talks. */
export const MAX_MEASURED_MS = 60_000;
/** The most freezes in a report: one each second of the longest one. */
export const MAX_FREEZES = MAX_MEASURED_SECONDS;

/** A socket says hello within this, or it is closed: an idle stranger costs memory. */
export const HELLO_TIMEOUT_MS = 5_000;
/** The server pings this often while the device has an open call: a loss is seen within two of them. */
export const PING_IN_CALL_MS = 5_000;
/** And this often otherwise: under the 30 s at which proxies drop idle connections. */
export const PING_IDLE_MS = 25_000;
/** And this often while it speaks RTM, so that a loss is seen within two of them: RTM's UNREACHABLE. */
export const PING_RTM_MS = 3_000;
/** The page's own heartbeat with its call versions (hidden tabs may run it once a minute). */
export const HEARTBEAT_MS = 15_000;
/** Bytes queued to one socket before the device counts as a slow consumer. */
export const MAX_QUEUED_BYTES = 1024 * 1024;
/** Token bucket of one device's messages: a burst holds the candidates of a restart. */
export const DEVICE_BURST = 200;
export const DEVICE_MESSAGES_PER_SECOND = 50;
/** And of a page that speaks RTM: beside that, as many messages as RTM 1.x lets it say, 180 in 3 s, with some room. */
export const RTM_DEVICE_BURST = 400;
export const RTM_DEVICE_MESSAGES_PER_SECOND = 110;
/** A frame counts as one message for every so many bytes begun: a hostile one of full size costs 20 ms to read. */
export const BYTES_PER_MESSAGE = 8 * 1024;
/** Token bucket of one user's invitations, messages, marks, watch lists and reports over all devices: no person calls faster. */
export const USER_BURST = 60;
export const USER_COMMANDS_PER_SECOND = 20;
/** Token bucket of one user's hellos: ten tabs that reload at once, twice. */
export const HELLO_BURST = 40;
export const HELLOS_PER_SECOND = 4;
/** Token bucket of one user's REST requests: a page that reloads with a list or two. */
export const REST_BURST = 60;
export const REST_REQUESTS_PER_SECOND = 10;
