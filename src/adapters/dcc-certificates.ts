// EU DCC signer certificates as trusted keys. A certificate is taken as placed by the operator: its own signature and chain are
// not checked here, since the national list it came from vouches for it.

import { createHash, type JsonWebKey, X509Certificate } from 'node:crypto';
import { encodeBase64url } from '../core/codec/base64url.js';
import { YimaError } from '../core/errors/yima-error.js';
import { checkPublicKey } from '../core/signature/admissible-key.js';
import { parsePublicJwk } from '../core/signature/public-jwk.js';
import type { PublicKey } from '../core/signature/public-key.js';
import type { KeyRecord } from '../core/trust/key-record.js';

export interface DccCertificates {
  readonly records: readonly KeyRecord[];
  /** `rule`: certificate (cannot be read), key_type, or a rule of `parsePublicJwk` or `checkPublicKey`. */
  readonly refused: readonly { readonly kid: string | null; readonly rule: string }[];
}

const KID_BYTES = 8;
/** hcert_spec.md, A.4: the last arc of the key usages, under 1.3.6.1.4.1.1847.2021.1 and, as first published, ...4.1.0.1847.2021.1. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['1', 'eu-dcc-test'],
  ['2', 'eu-dcc-vaccination'],
  ['3', 'eu-dcc-recovery'],
]);
const USAGE = /^1\.3\.6\.1\.4\.1(?:\.0)?\.1847\.2021\.1\.([123])$/;
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const PEM_START = '-----BEGIN';

/**
 * One DER certificate, or every certificate of a PEM file. What cannot be a signer key is refused with its reason; the rest
 * stands.
 */
export function parseDccCertificates(data: Uint8Array): DccCertificates {
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
  const sources: readonly (string | Uint8Array)[] = text.includes(PEM_START)
    ? (text.match(PEM) ?? [data])
    : [data];
  const records: KeyRecord[] = [];
  const refused: { kid: string | null; rule: string }[] = [];
  for (const source of sources) {
    const certificate = readCertificate(source);
    if (certificate === null) refused.push({ kid: null, rule: 'certificate' });
    else addCertificate(certificate, records, refused);
  }
  return { records, refused };
}

function readCertificate(source: string | Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(source);
  } catch {
    return null;
  }
}

function addCertificate(
  certificate: X509Certificate,
  records: KeyRecord[],
  refused: { kid: string | null; rule: string }[],
): void {
  const digest = createHash('sha256').update(certificate.raw).digest();
  const kid = encodeBase64url(digest.subarray(0, KID_BYTES));
  try {
    records.push({
      format: 'eu-dcc',
      issuer: null,
      kid,
      key: publicKeyOf(certificate),
      use: 'credential',
      scope: { region: '', kinds: signableKinds(certificate) },
      notBefore: epochSeconds(certificate.validFrom),
      notAfter: epochSeconds(certificate.validTo),
      state: 'active',
      statusBase: null,
      trustedUntil: null,
    });
  } catch (error) {
    if (!(error instanceof YimaError) || error.code !== 'key_refused') throw error;
    refused.push({ kid, rule: error.rule ?? 'key_refused' });
  }
}

/** The algorithm follows from the key: P-256 ES256, P-384 ES384, RSA PS256 (section 3.3.2). */
function publicKeyOf(certificate: X509Certificate): PublicKey {
  const jwk = exportKey(certificate);
  if (jwk.kty !== 'EC' && jwk.kty !== 'RSA') {
    throw new YimaError('key_refused', 'A signer certificate holds an EC or RSA key.', { rule: 'key_type' });
  }
  const key = parsePublicJwk(jwk.kty === 'RSA' ? { ...jwk, alg: 'PS256' } : jwk);
  checkPublicKey(key);
  return key;
}

/** node:crypto reads and exports keys of the curves it has names for, and throws for all others (Brainpool among them). */
function exportKey(certificate: X509Certificate): JsonWebKey {
  try {
    return certificate.publicKey.export({ format: 'jwk' });
  } catch (cause) {
    throw new YimaError('key_refused', 'The key of the certificate is of a kind not supported.', {
      rule: 'key_type',
      cause,
    });
  }
}

/** No key usage: any kind. Only foreign ones: none, so that every code under it is out of scope. */
function signableKinds({ keyUsage }: X509Certificate): readonly string[] | null {
  if (keyUsage === undefined || keyUsage.length === 0) return null;
  return keyUsage.flatMap((oid) => KINDS.get(USAGE.exec(oid)?.[1] ?? '') ?? []);
}

/** node:crypto gives the times as text in GMT, `May  6 06:56:46 2021 GMT`. */
function epochSeconds(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) {
    throw new YimaError('key_refused', 'The validity of the certificate cannot be read.', {
      rule: 'certificate',
    });
  }
  return Math.floor(milliseconds / 1000);
}
