/** Why a request is not accepted as one of ours, and what to do about it. */
export const VERIFICATION_ERRORS = {
  'missing-header': 'A header is not there. See that no proxy drops it.',
  'bad-header': 'A header is not in its form, or stands there twice. The sender is another one.',
  'too-old':
    'It was signed longer ago than you allow. Set your clock; if that is right, it is a replay.',
  'too-new': 'It was signed later than now. Set your clock.',
  'bad-signature':
    'It is signed by none of the secrets. Compare them, and give the body byte for byte as it came.',
  'bad-body':
    'It is signed, but does not say what is expected here. See which address it is sent to.',
} as const satisfies Record<string, string>;

export type VerificationErrorCode = keyof typeof VERIFICATION_ERRORS;

/** Why a request was not accepted: answer it with an error, and act on nothing in it. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly code: VerificationErrorCode;
  /** The header that is at fault, or the path of the field in the body; `body` for the whole. */
  readonly field: string;

  constructor(
    code: VerificationErrorCode,
    field: string,
    flaw: string,
    options?: { readonly cause: unknown },
  ) {
    super(`${field}: ${flaw}`, options);
    this.code = code;
    this.field = field;
  }
}

/** A mistake in what this program gave, such as a secret: mend the program. */
export class ArgumentError extends TypeError {
  override readonly name = 'ArgumentError';
  readonly field: string;

  constructor(field: string, flaw: string) {
    super(`${field}: ${flaw}`);
    this.field = field;
  }
}
