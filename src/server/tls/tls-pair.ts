// What a server that speaks HTTPS shows, PEM.

export interface TlsPair {
  /** With those between it and its authority behind it. */
  readonly cert: string;
  readonly key: string;
}
