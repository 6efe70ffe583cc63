/** anyRTC's address of a server of one's own. */
export interface PrivateCloud {
  /** A host name, or an address with `https://` or `wss://`. */
  ServerAdd: string;
  Port?: number;
  /** False: without TLS. */
  Wss?: boolean;
}

/** Where an app says which server it means. */
export interface AddressConfig {
  readonly ringline?: { readonly url?: string } | undefined;
  readonly confPriCloudAddr?: PrivateCloud | undefined;
  readonly ConfPriCloudAddr?: PrivateCloud | undefined;
}

let byDefault: string | undefined;

/** The server of every instance that names none: `https://calls.example.com`. */
export function setServer(url: string): void {
  byDefault = url;
}

/** The server's address; undefined when nobody has said one. */
export function serverAddress(config: AddressConfig): string | undefined {
  return addressIn(config) ?? byDefault;
}

/** The address that a configuration says; undefined when it says none. */
export function addressIn(config: AddressConfig): string | undefined {
  const { ringline, confPriCloudAddr, ConfPriCloudAddr } = config;
  const cloud = confPriCloudAddr ?? ConfPriCloudAddr;
  return ringline?.url ?? (cloud && addressOf(cloud));
}

function addressOf({ ServerAdd: host, Port: port, Wss: isSecure = true }: PrivateCloud): string {
  const address = host.includes('://') ? host : `${isSecure ? 'https' : 'http'}://${host}`;
  return port === undefined ? address : `${address.replace(/\/$/, '')}:${port}`;
}
