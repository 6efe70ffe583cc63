/** A sound that cannot be played; the message continues its file's name. */
export class SoundFault extends Error {
  readonly code = 'sound-unusable';
  override readonly name = 'SoundFault';
}
