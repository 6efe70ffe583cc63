import { NO_NAMESPACES, ensureNamespaces, removeLeftNamespaces } from './namespaces.ts';

/** Lets tests make networks of their own where the machine allows it; few containers do, so a CI may go without. */
export function setup(): void {
  if (!ensureNamespaces()) return;
  removeLeftNamespaces();
  process.env['RINGLINE_NAMESPACES'] = '1';
}

/** Says at the end, where it is read, that tests were left out. */
export function teardown(): void {
  if (process.env['RINGLINE_NAMESPACES']) return;
  console.error(`\nNOT RUN: the tests of networks that change in a call. ${NO_NAMESPACES}\n`);
}
