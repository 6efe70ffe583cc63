/** The language of this browser's user (RFC 5646); English where nothing says. */
export function defaultLanguage(): string {
  return (globalThis as { navigator?: { language?: string } }).navigator?.language ?? 'en';
}
