// What a peer is given and what it must do. The peers themselves are the .mjs files of this folder, which resolve their libraries
// from its own node_modules.

export interface PeerWorld {
  readonly privateJwk: Readonly<Record<string, string>>;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly issuer: string;
  /** Epoch seconds. */
  readonly now: number;
  readonly listEntries: number;
  readonly isRevoked: (index: number) => boolean;
  /** A health code's claims; the serial is its index in the status list. */
  readonly claims: (serial: number) => PeerClaims;
}

export interface PeerClaims {
  readonly iss: string;
  readonly iat: number;
  readonly exp: number;
  readonly kind: string;
  readonly status: { readonly status_list: { readonly idx: number; readonly uri: string } };
  readonly claims: Readonly<Record<string, string | number>>;
}

export interface Contender {
  readonly sign: (serial: number) => string | Promise<string>;
  /** Whether the token is sound, in time, by the one key, and not revoked. Never throws. */
  readonly judge: (token: string) => boolean | Promise<boolean>;
}

/** What each .mjs file of a contender exports. */
export interface ContenderModule {
  readonly prepare: (world: PeerWorld) => Promise<Contender>;
}
