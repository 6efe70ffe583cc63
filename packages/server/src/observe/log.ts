/** Structured logging: fields first, as pino has it. Never give it tokens, keys, content or messages. */
export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}
