/** A random name of about a hundred bits, also where `crypto.randomUUID` is not: in pages without https. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('-');
}
