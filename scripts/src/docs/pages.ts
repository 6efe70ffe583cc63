import { configurationPage } from '@ringline/server/configuration-page';
import { errorsPage } from './errors-page.ts';
import { protocolPage } from './protocol-page.ts';

/** A page of documentation that is made from the sources. */
export interface GeneratedPage {
  /** Relative to the root. */
  readonly file: string;
  readonly text: () => string;
}

/** Every page that `npm run docs` writes; a test fails when a committed one is not what this makes. */
export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { file: 'docs/configuration.md', text: configurationPage },
  { file: 'docs/errors.md', text: errorsPage },
  { file: 'docs/protocol.md', text: protocolPage },
];
