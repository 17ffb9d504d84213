// libsodium's Ed25519 by its native binding, as a signature backend of ours.

import sodium from 'sodium-native';

/** @returns {boolean} whether the 64 bytes of `signature` are the key's over `message` */
export function verifyDetached(publicKey, message, signature) {
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}
