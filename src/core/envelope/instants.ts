// The times a credential carries, read before they are judged.

/** 9999-12-31T23:59:59Z and one second: what no calendar here can show, and what milliseconds look like. */
const END_OF_TIME = 253_402_300_800;

export interface Instants {
  readonly issuedAt: number | null;
  readonly notBefore: number | null;
  readonly expiresAt: number | null;
  /** Whether one of them is no instant, or `iat` is missing. */
  readonly faulty: boolean;
}

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < END_OF_TIME;
}

/**
 * Epoch seconds: safe integers from 0 to the end of the year 9999 (RFC 8392 would allow fractions). An absent claim is
 * undefined; null is a wrong value like any other.
 */
export function readInstants(iat: unknown, nbf: unknown, exp: unknown): Instants {
  return {
    issuedAt: isInstant(iat) ? iat : null,
    notBefore: isInstant(nbf) ? nbf : null,
    expiresAt: isInstant(exp) ? exp : null,
    faulty:
      !isInstant(iat) || (nbf !== undefined && !isInstant(nbf)) || (exp !== undefined && !isInstant(exp)),
  };
}
