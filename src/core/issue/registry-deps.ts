// What issuing needs of everything else.

import type { Claims, Kind, KindTable } from '../credential/kind.js';
import type { Signer, VerifySignature } from '../signature/ports.js';
import type { PublicKey, Sha256, Sha256Hex } from '../signature/public-key.js';
import type { StatusArena } from '../status/arena.js';
import type { IndexAllocator } from './index-allocator.js';
import type { IssueQuota } from './issue-quota.js';
import type { KeyBudget } from './key-budget.js';
import type { Ledger } from './ledger.js';
import type { Clock, KeyRing, Random } from './ports.js';
import type { SecondLook } from './second-look.js';
import type { Store } from './store.js';
import type { ReadSource } from './translation.js';

export interface RegistryDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  /** The key for so many credentials. @throws YimaError when none may sign */
  readonly reserve: KeyBudget['reserve'];
  /** Signs demo credentials, and nothing else; null: none are issued here. */
  readonly demo: DemoIssuer | null;
  /** Signs SD-JWTs, and nothing else; null: none are issued here. */
  readonly sdJwt: SdJwtIssuer | null;
  readonly kinds: KindTable;
  readonly arena: Pick<StatusArena, 'addList' | 'set'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
  /** The ordinary verifier's verdict on the credential alone: true when its outcome is `valid`. */
  readonly isValid: (code: string) => boolean;
  /** For what the ordinary verifier does not read. */
  readonly verify: VerifySignature;
  /** Reads a code that this node signed. */
  readonly readOwn: (code: string) => OwnContent;
  /** What an office may issue in a day. */
  readonly quota: IssueQuota;
  /** Which requests wait for a second person. */
  readonly secondLook: SecondLook;
  /** Reads codes that are to be translated; null: this node is not the hub. */
  readonly readSource: ReadSource | null;
  readonly settings: RegistrySettings;
}

/** What a code of our own says. */
export interface OwnContent {
  readonly kind: Kind;
  readonly claims: Claims;
  /** null: it is bound to no device. */
  readonly deviceKey: PublicKey | null;
}

export interface SdJwtIssuer {
  /** `iss`: the address under which wallets know this node. */
  readonly issuer: string;
  /** ES256. */
  readonly signer: () => Promise<Signer>;
}

export interface DemoIssuer {
  /** `iss` of demo credentials, another than that of real ones. */
  readonly issuer: string;
  readonly keyRing: KeyRing;
}

export interface RegistrySettings {
  /** `iss` of everything issued here but demo credentials. */
  readonly issuer: string;
  /** Region prefix that this node may issue for. */
  readonly region: string;
  /** Prefix of the list URIs, ending in `/`. */
  readonly statusBase: string;
  /** Entries of a new status list. */
  readonly listEntries: number;
  /** Codes with a colour that one principal may revoke in 24 hours; 0: no limit. */
  readonly singleRevocationsPerDay: number;
}

/** What each issue takes from the one before. */
export interface Issuing extends RegistryDeps {
  readonly allocator: IndexAllocator;
  readonly newId: (now: number) => string;
}

/** In whose name a credential is signed, and with what. */
export interface Signing {
  readonly issuer: string;
  readonly signer: Signer;
}
