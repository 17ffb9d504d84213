// What a status look-up, and a verification with it, costs as the lists grow to half a billion entries of 2 bits.

import {
  createNodeSigner,
  generatePrivateJwk,
  inflateRaw,
  inflateZlib,
} from '../../src/adapters/crypto-node.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { createPolicyTable } from '../../src/core/credential/policy-table.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { createStatusArena, type StatusArena } from '../../src/core/status/arena.js';
import { createKeyTable } from '../../src/core/trust/key-table.js';
import { SHOWN_ANYWHERE } from '../../src/core/verify/showing.js';
import { verifyCode } from '../../src/core/verify/verify-code.js';
import { signatureBackend } from '../support/backends.js';
import { healthCodeContent } from '../support/health-code.js';
import { cycle, median } from '../support/pairs.js';
import { measureRounds, type Work } from '../support/rounds.js';
import { keyRecord } from '../support/world.js';
import type { Point } from './line-plot.js';

const SIZES = [1e4, 1e6, 1e8, 5e8] as const;
const BITS = 2;
const LIST_ENTRIES = 2 ** 20;
const CODES = 2_000;
/** Places read in turn, more than any cache holds the lines of. */
const PLACES = 2 ** 20;
const READS = 1_000;
const PAGE_BYTES = 4_096;
const SUSPENDED = 2;
const ISSUER = { id: 'bench', statusBase: 'https://codes.example/bench/' };
const TIMES = { rounds: 9, sliceMs: 100, warmUpMs: 500 };

export interface StatusFigures {
  /** CPU microseconds a verification, by the number of status entries held. */
  readonly verify: readonly Point[];
  /** CPU microseconds a look-up, its list found by issuer and number. */
  readonly lookup: readonly Point[];
}

/** Holds 150 MB while it runs. */
export async function measureStatus(): Promise<StatusFigures> {
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const works: Record<string, Work> = {};
  for (const entries of SIZES) {
    const arena = fillArena(entries);
    works[`verify ${entries}`] = verifyWork(arena, entries, signer);
    works[`lookup ${entries}`] = lookupWork(arena, entries);
  }
  const found = await measureRounds(works, TIMES);
  const line = (which: string, calls: number): readonly Point[] =>
    SIZES.map((entries) => [entries, median(found[`${which} ${entries}`] ?? []) / calls]);
  return { verify: line('verify', 1), lookup: line('lookup', READS) };
}

/** Lists of at most 2^20 entries. One entry a page is set, or the pages would all be the one that holds nothing. */
function fillArena(entries: number): StatusArena {
  const arena = createStatusArena();
  const apart = (PAGE_BYTES * 8) / BITS;
  for (let number = 0; number * LIST_ENTRIES < entries; number += 1) {
    const size = Math.min(LIST_ENTRIES, entries - number * LIST_ENTRIES);
    arena.addList({ base: ISSUER.statusBase, number, bits: BITS, entries: size });
    for (let index = 1; index < size; index += apart) arena.set(ISSUER.statusBase, number, index, SUSPENDED);
  }
  return arena;
}

interface Place {
  readonly list: number;
  readonly index: number;
}

/** Never an odd entry, so never one that was set. */
function randomPlace(entries: number): Place {
  const at = Math.floor((Math.random() * entries) / 2) * 2;
  return { list: Math.floor(at / LIST_ENTRIES), index: at % LIST_ENTRIES };
}

function verifyWork(arena: StatusArena, entries: number, signer: Signer): Work {
  const now = Math.floor(Date.now() / 1000);
  const asOf = { epoch: now, steady: 0 };
  arena.confirm(ISSUER.statusBase, asOf);
  const times = { issuedAt: now, expiresAt: now + 86_400 };
  const codes = Array.from({ length: CODES }, (_, serial) => {
    const facts = { issuer: ISSUER.id, statusBase: ISSUER.statusBase, ...randomPlace(entries), ...times };
    return encodeYm1(healthCodeContent(serial, facts), signer);
  });
  const deps = {
    keys: createKeyTable([keyRecord({ ...ISSUER, signer })], now),
    verify: signatureBackend().create([signer.publicKey]),
    inflate: inflateZlib,
    inflateRaw,
    kinds: KINDS,
    context: {
      now,
      steady: 0,
      status: arena,
      policies: createPolicyTable([], '33'),
      clockFloor: null,
      maxTrustAgeSeconds: null,
      showing: SHOWN_ANYWHERE,
      sightings: null,
    },
  };
  const next = cycle(codes);
  return () => {
    if (verifyCode(next(), deps).decision !== 'admit') throw new Error('a sound code was not admitted');
  };
}

function lookupWork(arena: StatusArena, entries: number): Work {
  const places = Uint32Array.from({ length: PLACES }, () => {
    const { list, index } = randomPlace(entries);
    return list * LIST_ENTRIES + index;
  });
  let at = 0;
  return () => {
    let set = 0;
    for (let read = 0; read < READS; read += 1) {
      const place = places[at] ?? 0;
      at = (at + 1) % PLACES;
      set +=
        arena.find(ISSUER.statusBase, Math.floor(place / LIST_ENTRIES), place % LIST_ENTRIES)?.value ?? 1;
    }
    if (set !== 0) throw new Error('an entry was not found as it was left');
  };
}
