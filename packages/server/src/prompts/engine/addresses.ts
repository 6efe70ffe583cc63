import type { NetworkInterfaceInfo } from 'node:os';

/** The addresses at which a machine may be reached from elsewhere, those of IPv4 first. */
export function reachable(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): string[] {
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const outside = all.filter(({ internal, scopeid }) => !internal && !isLinkLocal(scopeid));
  const of = (family: string) =>
    outside.filter((each) => each.family === family).map(({ address }) => address);
  return [...of('IPv4'), ...of('IPv6')];
}

/** Such an address says nothing without the name of an interface, which differs from machine to machine. */
function isLinkLocal(scopeid: number | undefined): boolean {
  return scopeid !== undefined && scopeid !== 0;
}
