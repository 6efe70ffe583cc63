/** Codes after which a device stays away, by the error it is told: the server would turn it away again. */
export const FINAL_CLOSE = {
  malformed: 4400,
  unauthorized: 4401,
  'not-permitted': 4403,
  replaced: 4409,
  'too-many-devices': 4410,
  'unsupported-version': 4426,
} as const;
/** It comes back, and later than after another close. */
export const RATE_LIMITED_CLOSE = 4429;
/** It comes back when the server has said so, if it has. */
export const LEAVING_CLOSE = 4503;
/** The one code that is a device's: it closes this socket, and is back soon, or has been welcomed by another server. */
export const BACK_SOON_CLOSE = 4000;

// The numbers stand here again, and a test compares them: bundlers keep every constant that is looked up in another.
/** WebSocket close codes of the server (RFC 6455 §7.4.2 leaves 4000–4999 to applications), and what the SDK does. */
export const CLOSE = {
  malformed: { code: 4400, reconnect: false },
  unauthorized: { code: 4401, reconnect: false },
  notPermitted: { code: 4403, reconnect: false },
  helloTimeout: { code: 4408, reconnect: true },
  replaced: { code: 4409, reconnect: false },
  tooManyDevices: { code: 4410, reconnect: false },
  slowConsumer: { code: 4413, reconnect: true },
  unsupportedVersion: { code: 4426, reconnect: false },
  rateLimited: { code: 4429, reconnect: true },
  internal: { code: 4500, reconnect: true },
  leaving: { code: 4503, reconnect: true },
  silent: { code: 4504, reconnect: true },
} as const satisfies Record<string, { code: number; reconnect: boolean }>;

export type CloseName = keyof typeof CLOSE;

/** What a server gives as the reason: apart, for the SDK does without the words. */
export const CLOSE_MEANINGS: Readonly<Record<CloseName, string>> = {
  malformed: 'not a message of this protocol',
  unauthorized: 'token missing, forged or expired',
  notPermitted: 'this server, or the token, does not permit RTM',
  helloTimeout: 'no hello in time',
  replaced: 'the same device connected again',
  tooManyDevices: 'the user has too many devices',
  slowConsumer: 'the device reads too slowly',
  unsupportedVersion: 'no common protocol version',
  rateLimited: 'too many messages or hellos',
  internal: 'a defect of the server',
  leaving: 'this server is going away',
  silent: 'no answer to the server’s ping',
};
