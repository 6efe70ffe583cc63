/** Every text of the softphone's own pages, in English; the other catalogues have the same keys. */
export const en = {
  tagline: 'Calls between people, from your own server.',
  title: 'Sign in',
  user: 'Your user id',
  userHint: 'Any name will do: this server is in development mode.',
  name: 'Name shown to others (optional)',
  token: 'Token',
  tokenHint: 'The application that uses this server gives you one.',
  submit: 'Sign in',
  useToken: 'Sign in with a token',
  useName: 'Sign in with a name',
  working: 'Signing in …',
  noDevTokens: 'This server gives out no tokens. Paste one that your application made.',
  signOut: 'Sign out',
};

/** What a catalogue of texts consists of. */
export type PageTexts = Readonly<Record<keyof typeof en, string>>;
