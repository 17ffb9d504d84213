// What is offered, as the wallet keeps it while it claims.

/** What an offer says before anything is claimed. */
export interface Offer {
  /** The kind's name where the configuration is one of ours. */
  readonly kind: string;
  /** The issuer's identifier, which a proof is addressed to. */
  readonly issuer: string;
  readonly preAuthorised: string;
  /** How long the claim code is; null: none is asked for, 0: of any length. */
  readonly codeLength: number | null;
}
