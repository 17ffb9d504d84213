// The key a code is bound to: made here, unreadable even to this page, used by WebCrypto alone. Every code has one of its own, so
// that nobody can tell by the key that two codes are one person's.

import { encodeBase64url } from '../../core/codec/base64url.js';
import type { PublicKey } from '../../core/signature/public-key.js';
import { normalizeLowS } from '../../core/signature/signature-encoding.js';

export interface DeviceKey {
  /** Not extractable: storage keeps a handle, never the number. */
  readonly privateKey: CryptoKey;
  /** 32 bytes each. */
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Whether this browser has WebCrypto here; without https (or loopback) it has not. */
export function canMakeKeys(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

export async function makeDeviceKey(): Promise<DeviceKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return { privateKey, x: point.slice(1, 33), y: point.slice(33, 65) };
}

/** r||s with the smaller s, as our own codes require. */
export async function signWith({ privateKey }: DeviceKey, message: Uint8Array): Promise<Uint8Array> {
  const signature = await crypto.subtle.sign(ES256, privateKey, Uint8Array.from(message));
  return normalizeLowS(new Uint8Array(signature));
}

export function publicKeyOf({ x, y }: DeviceKey): PublicKey {
  return { algorithm: 'ES256', x, y };
}

export function randomId(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(16)));
}
