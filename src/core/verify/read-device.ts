// The device key of a code as a key that may be asked: found when first asked for, and then no more. Finding costs about as much as a
// signature check (P-256) or some milliseconds (Ed25519), so it waits until the issuer's signature has proven the binding.

import type { DeviceKey } from '../envelope/device-key.js';
import { devicePublicKey } from '../envelope/device-key.js';
import { YimaError } from '../errors/yima-error.js';
import { checkPublicKey } from '../signature/admissible-key.js';
import type { PublicKey } from '../signature/public-key.js';

/** The holder's device as a possible signer. Never a record of the trust table. */
export interface Device {
  readonly key: PublicKey;
}

/** null where the key is no point of its curve, or not admissible. */
export type ReadDevice = () => Device | null;

/** A pure function of the key, so that whoever keeps a code may keep this too. null: the code is bound to no device. */
export function createDeviceReader(deviceKey: DeviceKey | null): ReadDevice | null {
  if (deviceKey === null) return null;
  let read: Device | null | undefined;
  return () => {
    if (read === undefined) read = readDevice(deviceKey);
    return read;
  };
}

function readDevice(deviceKey: DeviceKey): Device | null {
  try {
    const key = devicePublicKey(deviceKey);
    checkPublicKey(key);
    return { key };
  } catch (error) {
    if (error instanceof YimaError && (error.code === 'invalid_claims' || error.code === 'key_refused'))
      return null;
    throw error;
  }
}
