// The node's own signing keys: per use the newest signs, the older ones are retired and still verify.

import { encodeBase64url } from '../../core/codec/base64url.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Clock, KeyRing } from '../../core/issue/ports.js';
import type { Signer } from '../../core/signature/ports.js';
import type { PrivateJwk } from '../../core/signature/private-jwk.js';
import type { KeyRecord } from '../../core/trust/key-record.js';
import type { KeyFile, KeyFolder, SigningUse } from './key-folder.js';

export interface RotatingKeyRing extends KeyRing {
  /** Makes a new key, durable before it signs anything; the one before is retired. */
  readonly rotate: (use: SigningUse) => Promise<KeyRecord>;
  /** Reads the folder again (another process may have rotated). */
  readonly reload: () => Promise<void>;
}

export interface KeyRingDeps {
  readonly folder: KeyFolder;
  readonly clock: Clock;
  readonly generate: () => PrivateJwk;
  readonly createSigner: (privateJwk: PrivateJwk) => Signer;
  readonly owner: {
    readonly issuer: string;
    readonly region: string;
    readonly statusBase: string;
  };
}

interface RingKey {
  readonly file: KeyFile;
  readonly signer: Signer;
}

/** Clocks of signers and of this ring may differ by so much. */
const SKEW_SECONDS = 60;
const USES = ['credential', 'status'] as const satisfies readonly SigningUse[];

/** Loads the folder and creates a first key for each use that has none. */
export async function createKeyRing(deps: KeyRingDeps): Promise<RotatingKeyRing> {
  let keys: readonly RingKey[] = [];

  const load = async (): Promise<void> => {
    const files = await deps.folder.load();
    keys = files.map((file) => {
      const signer = deps.createSigner(file.privateJwk);
      if (encodeBase64url(signer.kid) !== file.kid) {
        throw new YimaError(
          'config_invalid',
          `The key in ${file.use}.${file.kid}.json is not the one it is named for.`,
        );
      }
      return { file, signer };
    });
  };
  const current = (use: SigningUse): RingKey | undefined => keys.findLast(({ file }) => file.use === use);
  const create = async (use: SigningUse): Promise<void> => {
    const privateJwk = deps.generate();
    const kid = encodeBase64url(deps.createSigner(privateJwk).kid);
    const createdAt = Math.max(deps.clock(), (current(use)?.file.createdAt ?? 0) + 1);
    await deps.folder.save({ use, kid, createdAt, privateJwk });
    await load();
  };
  const record = ({ file, signer }: RingKey): KeyRecord => {
    const successor = keys.find((key) => key.file.use === file.use && key.file.createdAt > file.createdAt);
    return {
      format: 'yima',
      issuer: deps.owner.issuer,
      kid: file.kid,
      key: signer.publicKey,
      use: file.use,
      scope: { region: deps.owner.region, kinds: null },
      notBefore: file.createdAt - SKEW_SECONDS,
      notAfter: successor === undefined ? null : successor.file.createdAt + SKEW_SECONDS,
      state: successor === undefined ? 'active' : 'retired',
      statusBase: deps.owner.statusBase,
    };
  };
  const get = (use: SigningUse): RingKey => {
    const key = current(use);
    if (key === undefined)
      throw new YimaError('unavailable', `There is no ${use} key; run: yima keys rotate ${use}`);
    return key;
  };

  await load();
  for (const use of USES) if (current(use) === undefined) await create(use);
  return {
    signer: (use) => get(use).signer,
    records: () => keys.map(record),
    rotate: async (use) => {
      await create(use);
      return record(get(use));
    },
    reload: load,
  };
}
