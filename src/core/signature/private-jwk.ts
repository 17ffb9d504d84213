// A private key in the form it is stored and handed to a signer. Its `d` is secret: never logged, never answered.

/** The algorithms that this project signs with. */
export type SigningAlgorithm = 'Ed25519' | 'ES256';

/** RFC 7517; RFC 8037 for OKP. */
export interface PrivateJwk {
  readonly kty: 'OKP' | 'EC';
  readonly crv: 'Ed25519' | 'P-256';
  readonly x: string;
  readonly y?: string;
  readonly d: string;
  readonly alg: SigningAlgorithm;
}
