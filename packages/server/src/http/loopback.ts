/** Whether only this machine reaches the host: 127.0.0.0/8, ::1 (in brackets or not) or localhost. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The name in a Host header, without its port; an IPv6 address keeps its brackets. */
export function hostnameOf(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, '');
}
