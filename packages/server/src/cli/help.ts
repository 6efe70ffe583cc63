import { settingsHelp } from '../config/page.ts';

/** What `ringline help` prints. */
export function helpText(): string {
  return `ringline: one-to-one audio and video calling, self-hosted

  ringline serve [settings]          run the server until SIGTERM or SIGINT
  ringline token <user> [--name <name>] [--avatar <address>] [--ttl 12h] [settings]
                                     print a token for a user
  ringline verify [settings]         see whether all that is kept fits together;
                                     stop a server that keeps a file first
  ringline migrate [settings]        bring all that is kept to the newest shape, as
                                     every start does
  ringline transfer-store [settings] copy all that is kept from the file in DATA_DIR
                                     into the empty database of DATABASE_URL; stop
                                     the server first
  ringline help                      print this
  ringline version                   print the version

Settings, as flags or as environment variables:

${settingsHelp()}

Exit codes: 0 done, 1 could not start or failed, 2 wrong usage or configuration.`;
}
