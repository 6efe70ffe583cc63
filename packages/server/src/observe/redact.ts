/** Fields that may hold tokens, keys, or what people say to each other: never logged, at any depth. */
const HIDDEN_FIELDS: ReadonlySet<string> = new Set(
  [
    'token tokens authorization cookie headers password secret secrets credential',
    'key keys apiKeys publicKey privateKey resumeKey resumeHash',
    'content response body text data frame reply payload',
    'signal sdp description candidate',
  ].flatMap((names) => names.split(' ')),
);

const MAX_DEPTH = 8;
const HIDDEN = '[hidden]';
/** The beginning of a JWT header, `{"`, in base64url, and at least one more part; or a secret of Standard Webhooks. */
const TOKEN = /\b(?:eyJ[\w-]*\.[\w.-]+|whsec_[\w+/=]+)/g;

/** The value as it may be logged: hidden fields and tokens inside texts are replaced. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(TOKEN, HIDDEN);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return redactedError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  if (ArrayBuffer.isView(value)) return HIDDEN;
  return redactedFields(value, depth);
}

/** The fields of an object as they may be logged. */
export function redactedFields(fields: object, depth = 0): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    HIDDEN_FIELDS.has(name) ? HIDDEN : redacted(value, depth + 1),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** Only what an error says: its other properties are whatever a library hung on it. */
function redactedError(error: Error, depth: number): object {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? String(error.code) : undefined;
  return {
    type: name,
    message: redacted(message),
    ...(code !== undefined && { code }),
    stack: redacted(stack),
    ...(cause !== undefined && { cause: redacted(cause, depth + 1) }),
  };
}
