// A file that somebody signed, with the certificate of who did: what directories of issuers come with.

import { createHash, verify, X509Certificate } from 'node:crypto';
import { YimaError } from '../core/errors/yima-error.js';

export interface SignedFile {
  readonly data: Uint8Array;
  /** ECDSA over SHA-512 in DER, as `openssl dgst -sha512 -sign` writes it. */
  readonly signature: Uint8Array;
  /** PEM or DER. The operator vouches for it: no chain is looked at. */
  readonly certificate: Uint8Array;
  /** SHA-256 of the certificate's DER as 64 hex digits, colons allowed; null: the certificate was placed by whoever vouches for it. */
  readonly fingerprint: string | null;
}

function refuse(rule: string, message: string): YimaError {
  return new YimaError('list_refused', message, { rule });
}

/**
 * Whether the file is signed by the certificate's key.
 * @returns the certificate's fingerprint and its window, epoch seconds
 * @throws YimaError `list_refused` with a rule: certificate (cannot be read, or no EC key), fingerprint (another certificate's),
 *   signature
 */
export function checkFileSignature({ data, signature, certificate, fingerprint }: SignedFile): {
  readonly fingerprint: string;
  readonly notBefore: number;
  readonly notAfter: number;
} {
  const { raw, publicKey, validFrom, validTo } = readCertificate(certificate);
  const own = createHash('sha256').update(raw).digest('hex');
  if (fingerprint !== null && fingerprint.replaceAll(':', '').toLowerCase() !== own) {
    throw refuse('fingerprint', 'The certificate is not the one whose fingerprint was given.');
  }
  if (publicKey.asymmetricKeyType !== 'ec') {
    throw refuse('certificate', 'The certificate of the signature holds no EC key.');
  }
  if (!verify('sha512', data, publicKey, signature)) {
    throw refuse('signature', 'The signature is not of this file by this certificate. Load all of it again.');
  }
  return { fingerprint: own, notBefore: Date.parse(validFrom) / 1000, notAfter: Date.parse(validTo) / 1000 };
}

function readCertificate(data: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(data);
  } catch {
    throw refuse('certificate', 'The certificate of the signature cannot be read.');
  }
}
