// A private key under a passphrase: a JWE of the JWK (RFC 7516; RFC 7518, section 4.8).

import { CompactEncrypt, compactDecrypt } from 'jose';
import { YimaError } from '../../core/errors/yima-error.js';
import type { PrivateJwk } from '../../core/signature/private-jwk.js';

/** OWASP's advice for PBKDF2 with SHA-512. */
const PBES2_ROUNDS = 210_000;

export async function encryptKey(privateJwk: PrivateJwk, passphrase: string): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(privateJwk)))
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM' })
    .setKeyManagementParameters({ p2c: PBES2_ROUNDS })
    .encrypt(new TextEncoder().encode(passphrase));
}

/**
 * @param path of the file that it stands in, for the message
 * @throws YimaError `config_invalid` when the passphrase is missing or wrong
 */
export async function decryptKey(path: string, jwe: string, passphrase: string | null): Promise<PrivateJwk> {
  if (passphrase === null) {
    throw new YimaError(
      'config_invalid',
      `${path} is encrypted. Set YIMA_KEY_PASSPHRASE or YIMA_KEY_PASSPHRASE_FILE.`,
    );
  }
  try {
    const { plaintext } = await compactDecrypt(jwe, new TextEncoder().encode(passphrase), {
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: PBES2_ROUNDS,
    });
    return JSON.parse(new TextDecoder().decode(plaintext)) as PrivateJwk;
  } catch (cause) {
    throw new YimaError('config_invalid', `The passphrase does not open ${path}.`, { cause });
  }
}
