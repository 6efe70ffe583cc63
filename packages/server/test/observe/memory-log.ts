import type { Log } from '../../src/observe/log.ts';

/** What was logged, line by line. */
export class MemoryLog implements Log {
  readonly lines: { level: string; fields: object; text: string }[] = [];

  debug(fields: object, text: string): void {
    this.lines.push({ level: 'debug', fields, text });
  }

  info(fields: object, text: string): void {
    this.lines.push({ level: 'info', fields, text });
  }

  warn(fields: object, text: string): void {
    this.lines.push({ level: 'warn', fields, text });
  }

  error(fields: object, text: string): void {
    this.lines.push({ level: 'error', fields, text });
  }
}
