import { destination, pino, stdTimeFunctions } from 'pino';
import type { DestinationStream } from 'pino';
import type { LogLevel } from '../config/settings.ts';
import type { Log } from './log.ts';
import { redacted, redactedFields } from './redact.ts';

/** JSON lines on standard error, or on the stream given: standard output is for answers. */
export function createLog(
  level: LogLevel,
  stream: DestinationStream = destination({ dest: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactedFields },
      // The redaction has made errors plain.
      serializers: { err: (plain: unknown) => plain },
      hooks: {
        // The text may quote an error, and that a token.
        logMethod(args, method) {
          const [fields, text] = args as unknown as [object, unknown];
          method.apply(this, [fields, String(redacted(text))]);
        },
      },
    },
    stream,
  );
}
