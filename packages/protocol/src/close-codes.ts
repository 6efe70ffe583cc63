/** WebSocket close codes of the server (RFC 6455 §7.4.2 leaves 4000–4999 to applications), and what the SDK does. */
export const CLOSE = {
  malformed: { code: 4400, meaning: 'not a message of this protocol', reconnect: false },
  unauthorized: { code: 4401, meaning: 'token missing, forged or expired', reconnect: false },
  helloTimeout: { code: 4408, meaning: 'no hello in time', reconnect: true },
  replaced: { code: 4409, meaning: 'the same device connected again', reconnect: false },
  tooManyDevices: { code: 4410, meaning: 'the user has too many devices', reconnect: false },
  slowConsumer: { code: 4413, meaning: 'the device reads too slowly', reconnect: true },
  unsupportedVersion: { code: 4426, meaning: 'no common protocol version', reconnect: false },
  rateLimited: { code: 4429, meaning: 'too many messages or hellos', reconnect: true },
  internal: { code: 4500, meaning: 'a defect of the server', reconnect: true },
  leaving: { code: 4503, meaning: 'this server is going away', reconnect: true },
  silent: { code: 4504, meaning: 'no answer to the server’s ping', reconnect: true },
} as const satisfies Record<string, { code: number; meaning: string; reconnect: boolean }>;

export type CloseName = keyof typeof CLOSE;

/** Whether a device whose socket closed with this code comes back by itself; unknown codes do. */
export function reconnectsAfter(code: number): boolean {
  return Object.values(CLOSE).find((close) => close.code === code)?.reconnect ?? true;
}
