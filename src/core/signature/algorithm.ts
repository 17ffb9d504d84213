// The signature algorithms, one row each. A message's own algorithm is never used to choose: it must equal the trusted key's.

export interface AlgorithmInfo {
  /** Fully specified COSE identifier (RFC 9864, RFC 9053). */
  readonly cose: number;
  /** Deprecated identifiers that foreign codes still carry. */
  readonly coseForeign: readonly number[];
  /** JOSE name (RFC 7518, RFC 9864). */
  readonly jose: string;
  /** Length of a signature in bytes; null where the key's size decides. */
  readonly signatureBytes: number | null;
  /** Whether this project signs with it. */
  readonly issues: boolean;
}

export const ALGORITHMS = {
  Ed25519: { cose: -19, coseForeign: [-8], jose: 'Ed25519', signatureBytes: 64, issues: true },
  ES256: { cose: -9, coseForeign: [-7], jose: 'ES256', signatureBytes: 64, issues: true },
  ES384: { cose: -51, coseForeign: [-35], jose: 'ES384', signatureBytes: 96, issues: false },
  PS256: { cose: -37, coseForeign: [], jose: 'PS256', signatureBytes: null, issues: false },
} as const satisfies Record<string, AlgorithmInfo>;

export type Algorithm = keyof typeof ALGORITHMS;

/** Names kept free for SM2 with SM3 (GB/T 32918, GB/T 32905). Nothing implements them: a key that claims one is refused. */
export const RESERVED_ALGORITHMS = ['SM2SM3'] as const;
