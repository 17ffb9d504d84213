// What a server that speaks HTTPS shows, PEM.

export interface TlsPair {
  /** With those between it and its authority behind it. */
  readonly cert: string;
  readonly key: string;
  /** The certificate of the authority that this node has for itself; null where somebody else's signed. */
  readonly authority: string | null;
}
