/** How NATS is reached. */
export interface NatsSettings {
  /** Servers of one cluster, `host:port`, any of which will do. */
  readonly servers: readonly string[];
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** Only over TLS, also where the server would do without. */
  readonly tls: boolean;
  /** Before every subject, so that several Ringlines may share a NATS. */
  readonly prefix: string;
}
