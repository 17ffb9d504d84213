// The key of a custodian in a file of its own: 0600, under a passphrase when one is set, and never on a node.

import { createNodeSigner, generatePrivateJwk, sha256 } from '../../adapters/crypto-node.js';
import { decryptKey, encryptKey } from '../../adapters/keyfile/encrypted-key.js';
import { loadConfig } from '../../config.js';
import { encodeBase64url } from '../../core/codec/base64url.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../../core/codec/json.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Signer } from '../../core/signature/ports.js';
import type { PrivateJwk, SigningAlgorithm } from '../../core/signature/private-jwk.js';
import { publicJwk } from '../../core/signature/public-jwk.js';
import type { PublicKey } from '../../core/signature/public-key.js';
import { thumbprint } from '../../core/signature/thumbprint.js';
import { createAdmission, type TrustedKey } from '../../core/trust/documents/trusted-key.js';
import type { Terminal } from '../terminal.js';

const admit = createAdmission({ sha256 });

/** What may be shown of a key. */
export interface PublicPart {
  /** base64url SHA-256 (RFC 7638), 43 characters. */
  readonly thumbprint: string;
  readonly jwk: JsonObject;
}

export function publicPart(key: PublicKey): PublicPart {
  return { thumbprint: encodeBase64url(thumbprint(key, sha256)), jwk: { ...publicJwk(key) } };
}

/** Makes a key and its file. @throws YimaError `conflict` when there is a file already */
export async function makeCustodianKey(
  path: string,
  algorithm: SigningAlgorithm,
  terminal: Terminal,
): Promise<PublicPart & { readonly isEncrypted: boolean }> {
  const { keyPassphrase } = loadConfig(terminal.env);
  const privateJwk = generatePrivateJwk(algorithm);
  const part = publicPart(createNodeSigner(privateJwk).publicKey);
  const key = keyPassphrase === null ? privateJwk : await encryptKey(privateJwk, keyPassphrase);
  const file = { version: 1, use: 'custodian', createdAt: terminal.now(), public: part.jwk, key };
  await terminal.writeSecret(path, `${JSON.stringify(file, null, 2)}\n`);
  return { ...part, isEncrypted: keyPassphrase !== null };
}

/**
 * The public part alone, of a custodian's key file or of a JWK as a custodian handed it in; the private part is not looked at.
 * @throws YimaError `not_found`, `key_file_unsafe`, `key_refused`
 */
export async function showCustodianKey(path: string, terminal: Terminal): Promise<PublicPart> {
  const value = parseKeyFile(path, path === '-' ? await terminal.readInput() : await terminal.readFile(path));
  if (Object.hasOwn(value, 'kty')) return publicPart(admit(value, 'yima').key);
  const file = await readKeyFile(path, terminal);
  return publicPart(admit(file['public'], 'yima').key);
}

/** @throws YimaError `not_found`, `key_file_unsafe`, `key_refused`; `config_invalid` for a passphrase that is missing or wrong */
export async function openCustodianKey(
  path: string,
  terminal: Terminal,
): Promise<PublicPart & { readonly signer: Signer }> {
  const { key, public: claimed } = await readKeyFile(path, terminal);
  const { keyPassphrase } = loadConfig(terminal.env);
  const jwk = typeof key === 'string' ? await decryptKey(path, key, keyPassphrase) : key;
  if (!isJsonObject(jwk)) throw notAKey(path);
  const signer = createNodeSigner(jwk as unknown as PrivateJwk);
  const part = publicPart(signer.publicKey);
  if (publicPart(admit(claimed, 'yima').key).thumbprint !== part.thumbprint) throw notAKey(path);
  return { ...part, signer };
}

async function readKeyFile(path: string, terminal: Terminal): Promise<JsonObject> {
  const file = parseKeyFile(path, await terminal.readSecret(path));
  if (file['version'] !== 1 || file['use'] !== 'custodian') throw notAKey(path);
  return file;
}

function parseKeyFile(path: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch {
    throw notAKey(path);
  }
  if (!isJsonObject(value)) throw notAKey(path);
  return value;
}

/** Without the cause: it may quote the key. */
function notAKey(path: string): YimaError {
  return new YimaError('key_refused', `${path} is no custodian's key; yima trust key new makes one.`);
}

/**
 * A public key as a custodian hands it in: one JWK in a file.
 * @throws YimaError `not_found`, `key_refused` with its rule
 */
export async function readPublicKey(
  path: string,
  terminal: Terminal,
): Promise<TrustedKey & { readonly jwk: JsonObject }> {
  let value: unknown;
  const text = path === '-' ? await terminal.readInput() : await terminal.readFile(path);
  try {
    value = parseStrictJson(text);
  } catch (cause) {
    throw new YimaError('key_refused', `${path} is not one JWK; yima trust key show prints it.`, { cause });
  }
  const key = admit(value, 'yima');
  return { ...key, jwk: { ...publicJwk(key.key) } };
}
