/** Why something is no call record. */
export class CallRecordError extends Error {
  override readonly name = 'CallRecordError';
  /** The path of the first bad field, as in `attach.durations.0.duration`; `record` for the whole. */
  readonly field: string;

  constructor(path: string, flaw: string) {
    const field = path === '' ? 'record' : path;
    super(`${field}: ${flaw}`);
    this.field = field;
  }
}
