// Signing keys of one owner: per use the newest signs, the older ones are retired and still verify.

import { encodeBase64url } from '../../core/codec/base64url.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Clock, KeyRing, SigningUse } from '../../core/issue/ports.js';
import type { Signer } from '../../core/signature/ports.js';
import type { PrivateJwk } from '../../core/signature/private-jwk.js';
import type { KeyRecord } from '../../core/trust/key-record.js';
import type { KeyFile, KeyFolder } from './key-folder.js';

export interface RotatingKeyRing extends KeyRing {
  /**
   * Makes a new key durable, has it recorded, and only then lets it sign; the one before is retired. When recording fails or
   * the process dies before the end, the new key stays announced, signs nothing, and the next rotation takes it up.
   * @param recorded resolves once the log tells of the key, and of those discarded, for certain
   * @param choice when absent the oldest announced key, or else a new one
   */
  readonly rotate: (
    use: SigningUse,
    recorded: (kid: string, discarded: readonly string[]) => Promise<void>,
    choice?: NextKey,
  ) => Promise<KeyRecord>;
  /** Makes a key that will sign later, so that others may know it before. */
  readonly announce: (use: SigningUse, recorded: (kid: string) => Promise<void>) => Promise<KeyRecord>;
  /** Of one use, oldest first: those that signed or sign, then the announced ones. */
  readonly keysOf: (use: SigningUse) => readonly HeldKey[];
  /** The key of this kid that has signed or signs. */
  readonly find: (kid: string) => Signer | undefined;
  /** Reads the folder again (another process may have rotated). */
  readonly reload: () => Promise<void>;
}

/** Which key takes over. */
export interface NextKey {
  /** This announced one. */
  readonly kid?: string | undefined;
  /** A new one, and the announced ones are discarded: whoever took the key before may have taken those that lay beside it. */
  readonly fresh?: boolean;
}

export interface HeldKey {
  readonly record: KeyRecord;
  /** When it began to sign, or was announced, epoch seconds. */
  readonly since: number;
  readonly isAnnounced: boolean;
}

export interface KeyRingDeps {
  readonly folder: KeyFolder;
  readonly clock: Clock;
  readonly generate: () => PrivateJwk;
  readonly createSigner: (privateJwk: PrivateJwk) => Signer;
  /** The uses that this ring keeps keys for, each with what such a key may do. */
  readonly uses: { readonly [U in SigningUse]?: KeyGrant };
  /** How many are announced together with the first key of a use. */
  readonly ahead?: { readonly [U in SigningUse]?: number };
}

/** The part of a key's record that follows from its use. */
export type KeyGrant = Pick<KeyRecord, 'issuer' | 'use' | 'scope' | 'statusBase'>;

interface RingKey {
  readonly file: KeyFile;
  readonly signer: Signer;
}

/** Clocks of signers and of this ring may differ by so much. */
const SKEW_SECONDS = 60;

/** Loads the folder and creates a first key for each use that has none, with its successors. */
export async function createKeyRing(deps: KeyRingDeps): Promise<RotatingKeyRing> {
  const uses = Object.keys(deps.uses) as SigningUse[];
  let keys: readonly RingKey[] = [];
  let announced: readonly RingKey[] = [];
  let rotations: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<void> => {
    const files = await deps.folder.load(uses);
    const loaded = files.map((file) => {
      const signer = deps.createSigner(file.privateJwk);
      if (encodeBase64url(signer.kid) !== file.kid) {
        throw new YimaError(
          'config_invalid',
          `The key in ${file.use}.${file.kid}.json is not the one it is named for.`,
        );
      }
      return { file, signer };
    });
    keys = loaded.filter(({ file }) => !file.announced);
    announced = loaded.filter(({ file }) => file.announced);
  };
  let reading: Promise<void> = Promise.resolve();
  // One after the other: a slow reading that began earlier must not put back what a later one has replaced.
  const load = (): Promise<void> => {
    reading = reading.catch(() => undefined).then(read);
    return reading;
  };
  const current = (use: SigningUse): RingKey | undefined => keys.findLast(({ file }) => file.use === use);
  const nextTime = (use: SigningUse): number =>
    Math.max(deps.clock(), (current(use)?.file.createdAt ?? 0) + 1);
  const create = async (
    use: SigningUse,
    state: Pick<KeyFile, 'createdAt' | 'announced' | 'published'>,
  ): Promise<KeyFile> => {
    const privateJwk = deps.generate();
    const kid = encodeBase64url(deps.createSigner(privateJwk).kid);
    const file = { use, kid, ...state, privateJwk };
    await deps.folder.save(file);
    return file;
  };
  const createNext = async (use: SigningUse): Promise<KeyFile> => {
    const file = await create(use, { createdAt: nextTime(use), announced: true, published: false });
    await load();
    return file;
  };
  const createFirst = async (use: SigningUse): Promise<void> => {
    const createdAt = deps.clock();
    const waiting = announced.filter(({ file }) => file.use === use).length;
    for (let left = (deps.ahead?.[use] ?? 0) - waiting; left > 0; left--)
      await create(use, { createdAt: createdAt + 1, announced: true, published: true });
    // Last, since a use that has a key that signs is complete.
    await create(use, { createdAt, announced: false, published: false });
  };
  const grantOf = (use: SigningUse): KeyGrant => {
    const grant = deps.uses[use];
    if (grant === undefined) throw new YimaError('internal', `This ring keeps no ${use} keys.`);
    return grant;
  };
  const record = ({ file, signer }: RingKey): KeyRecord => {
    const successor = keys.find((key) => key.file.use === file.use && key.file.createdAt > file.createdAt);
    return {
      format: 'yima',
      ...grantOf(file.use),
      kid: file.kid,
      key: signer.publicKey,
      notBefore: file.createdAt - SKEW_SECONDS,
      notAfter: successor === undefined ? null : successor.file.createdAt + SKEW_SECONDS,
      state: successor === undefined ? 'active' : 'retired',
      trustedUntil: null,
    };
  };
  const announcedRecord = ({ file, signer }: RingKey): KeyRecord => ({
    format: 'yima',
    ...grantOf(file.use),
    kid: file.kid,
    key: signer.publicKey,
    notBefore: file.createdAt - SKEW_SECONDS,
    notAfter: null,
    state: 'announced',
    trustedUntil: null,
  });
  const get = (use: SigningUse): RingKey => {
    const key = current(use);
    if (key === undefined)
      throw new YimaError('unavailable', `There is no ${use} key; run: yima keys rotate ${use}`);
    return key;
  };

  /** The window begins when the key begins to sign, and the window of the one before ends there. */
  const rotate: RotatingKeyRing['rotate'] = async (use, recorded, { kid, fresh = false } = {}) => {
    const waiting = announced.filter(({ file }) => file.use === use && (kid ?? file.kid) === file.kid);
    if (kid !== undefined && waiting.length === 0) {
      throw new YimaError('not_found', `There is no announced ${use} key ${kid}; run: yima keys list`);
    }
    const discarded = fresh ? waiting.map((key) => key.file) : [];
    const file = (fresh ? undefined : waiting[0]?.file) ?? (await createNext(use));
    await recorded(
      file.kid,
      discarded.map((each) => each.kid),
    );
    for (const each of discarded) deps.folder.remove(each);
    await deps.folder.save({ ...file, createdAt: nextTime(use), announced: false, published: false });
    await load();
    return record(get(use));
  };
  const announce: RotatingKeyRing['announce'] = async (use, recorded) => {
    const file = await createNext(use);
    await recorded(file.kid);
    await deps.folder.save({ ...file, published: true });
    await load();
    const found = announced.find((key) => key.file.kid === file.kid);
    if (found === undefined) throw new YimaError('internal', 'A key that was announced is not there.');
    return announcedRecord(found);
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = rotations.then(work);
    rotations = done.catch(() => undefined);
    return done;
  };

  await load();
  const missing = uses.filter((use) => current(use) === undefined);
  for (const use of missing) await createFirst(use);
  if (missing.length > 0) await load();
  return {
    signer: (use) => get(use).signer,
    records: () => [
      ...keys.map(record),
      ...announced.filter(({ file }) => file.published).map(announcedRecord),
    ],
    keysOf: (use) => [
      ...keys
        .filter(({ file }) => file.use === use)
        .map((key) => ({ record: record(key), since: key.file.createdAt, isAnnounced: false })),
      ...announced
        .filter(({ file }) => file.use === use && file.published)
        .map((key) => ({ record: announcedRecord(key), since: key.file.createdAt, isAnnounced: true })),
    ],
    find: (kid) => keys.find(({ file }) => file.kid === kid)?.signer,
    rotate: (use, recorded, choice) => inTurn(() => rotate(use, recorded, choice)),
    announce: (use, recorded) => inTurn(() => announce(use, recorded)),
    reload: load,
  };
}
