// Signing keys in files, one key a file, 0600: refused when others may read them, encrypted when a passphrase is set.
// A file is written whole or not at all. Plain files are encrypted at the first load with a passphrase.

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { YimaError } from '../../core/errors/yima-error.js';
import type { SigningUse } from '../../core/issue/ports.js';
import type { PrivateJwk } from '../../core/signature/private-jwk.js';
import { decryptKey, encryptKey } from './encrypted-key.js';

/** One private key as it is stored. */
export interface KeyFile {
  readonly use: SigningUse;
  /** base64url key id; also in the file's name. */
  readonly kid: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  /** Made, but signs nothing yet. */
  readonly announced: boolean;
  /** Announced, and the log tells of it: others may know it. */
  readonly published: boolean;
  readonly privateJwk: PrivateJwk;
}

export interface KeyFolder {
  /** Every key of these uses, oldest first. */
  readonly load: (uses: readonly SigningUse[]) => Promise<readonly KeyFile[]>;
  /** Durable once resolved; takes the place of what was saved under the same key id, whole or not at all. @throws YimaError `store_failed` */
  readonly save: (key: KeyFile) => Promise<void>;
  /** Durable once returned. */
  readonly remove: (key: Pick<KeyFile, 'use' | 'kid'>) => void;
}

/** What stands in a file: the JWK itself, or a JWE of it under the passphrase (RFC 7518, section 4.8). */
interface StoredKey {
  readonly version: 1;
  readonly use: SigningUse;
  readonly kid: string;
  readonly createdAt: number;
  readonly announced?: true;
  readonly published?: true;
  readonly key: PrivateJwk | string;
}

const NAME = /^(credential|credential-long|status|demo|sd-jwt|log|witness)\.[A-Za-z0-9_-]{11}\.json$/;

/**
 * @param passphrase encrypts what is saved; null stores plain JWKs
 * @throws YimaError `key_file_unsafe` when a file or the folder may be read by others; `config_invalid` when a file is
 *   encrypted and the passphrase is missing or wrong
 */
export function openKeyFolder(folder: string, passphrase: string | null): KeyFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  checkPrivate(folder);
  const save = async ({ use, kid, createdAt, announced, published, privateJwk }: KeyFile): Promise<void> => {
    const key = passphrase === null ? privateJwk : await encryptKey(privateJwk, passphrase);
    const state = announced ? ({ announced, ...(published ? { published } : {}) } as const) : {};
    const stored: StoredKey = { version: 1, use, kid, createdAt, ...state, key };
    writeDurably(folder, nameOf({ use, kid }), `${JSON.stringify(stored, null, 2)}\n`);
  };
  return {
    load: async (uses) => {
      const keys: KeyFile[] = [];
      const isWanted = (name: string): boolean => uses.some((use) => NAME.exec(name)?.[1] === use);
      for (const name of readdirSync(folder).filter(isWanted)) {
        const { key, isPlain } = await readKey(join(folder, name), passphrase);
        if (isPlain && passphrase !== null) await save(key);
        keys.push(key);
      }
      return keys.sort((a, b) => a.createdAt - b.createdAt || (a.kid < b.kid ? -1 : 1));
    },
    save,
    remove: (key) => {
      unlinkSync(join(folder, nameOf(key)));
      syncFolder(folder);
    },
  };
}

function nameOf({ use, kid }: Pick<KeyFile, 'use' | 'kid'>): string {
  return `${use}.${kid}.json`;
}

/** @throws YimaError `key_file_unsafe` when group or others may do anything with the file or folder */
export function checkPrivate(path: string): void {
  if (process.platform === 'win32') return;
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new YimaError('key_file_unsafe', `Others may read ${path}. Run: chmod -R go= ${path}`);
  }
}

async function readKey(path: string, passphrase: string | null): Promise<{ key: KeyFile; isPlain: boolean }> {
  checkPrivate(path);
  let stored: StoredKey;
  try {
    stored = JSON.parse(readFileSync(path, 'utf8')) as StoredKey;
  } catch (cause) {
    throw new YimaError('config_invalid', `${path} is not a key file; restore it from the backup.`, {
      cause,
    });
  }
  const { use, kid, createdAt, announced = false, published = false, key } = stored;
  const name = nameOf({ use, kid });
  if (basename(path) !== name) {
    throw new YimaError('config_invalid', `${path} holds another key than it is named for; call it ${name}.`);
  }
  const isPlain = typeof key !== 'string';
  const privateJwk = isPlain ? key : await decryptKey(path, key, passphrase);
  return { key: { use, kid, createdAt, announced, published, privateJwk }, isPlain };
}

function writeDurably(folder: string, name: string, text: string): void {
  const temporary = join(folder, `.${name}.new`);
  try {
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, join(folder, name));
    syncFolder(folder);
  } catch (cause) {
    rmSync(temporary, { force: true });
    const message = `No key can be written to ${folder}. Look at free space and permissions, then try again.`;
    throw new YimaError('store_failed', message, { cause });
  }
}

function syncFolder(folder: string): void {
  const directory = openSync(folder, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
