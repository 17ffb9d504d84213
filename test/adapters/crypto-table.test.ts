// Tables behind the signature port: which keys get them, when they go, and what happens when they are not to be trusted.

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { createNodeVerify, sha256 } from '../../src/adapters/crypto-node.js';
import {
  compileTableModule,
  openTableModule,
  type TableModule,
} from '../../src/adapters/crypto-table/table-module.js';
import { createTableVerify, type TableVerify } from '../../src/adapters/crypto-table.js';
import type { VerifySignature } from '../../src/core/signature/ports.js';
import { parsePublicJwk } from '../../src/core/signature/public-jwk.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { TABLE_MODULE_PATH, tableModule } from '../support/table-backend.js';

const MB = 1024 * 1024;
const node = createNodeVerify();
const compiled = tableModule();

interface Pair {
  readonly key: PublicKey;
  readonly privateKey: KeyObject;
}

function newPair(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { key: parsePublicJwk({ ...publicKey.export({ format: 'jwk' }), alg: 'Ed25519' }), privateKey };
}

/** A backend that counts what it was asked. */
function counting(verify: VerifySignature = node): {
  readonly verify: VerifySignature;
  readonly asked: () => number;
} {
  let asked = 0;
  return {
    verify: (key, message, signature) => {
      asked++;
      return verify(key, message, signature);
    },
    asked: () => asked,
  };
}

/** Verifies n fresh messages. @returns how many were found sound */
function use({ verify }: Pick<TableVerify, 'verify'>, { key, privateKey }: Pair, n: number): number {
  let sound = 0;
  for (let i = 0; i < n; i++) {
    const message = randomBytes(1 + (i % 400));
    if (verify(key, message, sign(null, message, privateKey))) sound++;
  }
  return sound;
}

function open(budgetBytes = 8 * MB, change: Partial<TableModule['wasm']> = {}): TableModule {
  const module = openTableModule(compiled, budgetBytes);
  return { ...module, wasm: { ...module.wasm, ...change } };
}

function create(other: VerifySignature = node, module = open()): TableVerify {
  return createTableVerify({ module, other, defer: () => undefined });
}

t.test(
  'a key earns its table by sound signatures, and then nobody else is asked but for samples',
  async (t) => {
    const other = counting();
    const tables = create(other.verify);
    const pair = newPair();
    tables.retain([pair.key]);
    t.equal(use(tables, pair, 15), 15);
    tables.settle();
    t.equal(tables.figures().tables, 0, 'not yet worth it');
    t.equal(use(tables, pair, 1), 1);
    tables.settle();
    t.strictSame({ ...tables.figures(), bytes: 0 }, { keys: 1, tables: 1, bytes: 0, fault: null });
    const before = other.asked();
    t.equal(use(tables, pair, 2_000), 2_000);
    t.ok(other.asked() - before <= 2, `${other.asked() - before} samples`);
  },
);

t.test('forged signatures earn nothing, and are refused with a table and without', async (t) => {
  const tables = create();
  const pair = newPair();
  tables.retain([pair.key]);
  const forge = (n: number): boolean => {
    const message = randomBytes(50);
    const signature = Uint8Array.from(sign(null, message, pair.privateKey));
    signature[n % 64] = (signature[n % 64] ?? 0) ^ 1;
    return tables.verify(pair.key, message, signature);
  };
  for (let n = 0; n < 300; n++) if (forge(n)) t.fail('accepted without a table');
  tables.settle();
  t.equal(tables.figures().tables, 0);
  use(tables, pair, 16);
  tables.settle();
  for (let n = 0; n < 3_000; n++) if (forge(n)) t.fail(`accepted with a table: byte ${n % 64}`);
  t.strictSame([tables.figures().tables, tables.figures().fault], [1, null]);
});

t.test(
  'keys that were not retained, other algorithms and endless messages go to the other backend',
  async (t) => {
    const other = counting();
    const tables = create(other.verify);
    const [kept, stranger] = [newPair(), newPair()];
    tables.retain([kept.key]);
    t.equal(use(tables, stranger, 40), 40);
    t.equal(other.asked(), 40);
    use(tables, kept, 16);
    tables.settle();
    use(tables, kept, 1);
    const before = other.asked();
    const long = randomBytes(16_385);
    t.ok(tables.verify(kept.key, long, sign(null, long, kept.privateKey)));
    const longest = randomBytes(16_384);
    t.ok(tables.verify(kept.key, longest, sign(null, longest, kept.privateKey)));
    t.equal(other.asked(), before + 1, 'one byte less has room');
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = parsePublicJwk({ ...ec.publicKey.export({ format: 'jwk' }), alg: 'ES256' });
    const signature = sign('sha256', long, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
    t.ok(tables.verify(key, long, signature));
  },
);

t.test('the more a key is used the wider its table', async (t) => {
  const tables = create();
  const pair = newPair();
  tables.retain([pair.key]);
  const sizes: number[] = [];
  for (const uses of [16, 256, 1_024]) {
    use(tables, pair, uses);
    tables.settle();
    sizes.push(tables.figures().bytes);
  }
  t.ok(sizes[0] !== undefined && sizes[1] !== undefined && sizes[0] < sizes[1], String(sizes));
  t.ok((sizes[1] ?? 0) < (sizes[2] ?? 0));
  t.equal(use(tables, pair, 100), 100);
});

t.test('a key that leaves the trust table takes its table along, also while it is being built', async (t) => {
  const queue: (() => void)[] = [];
  const module = open();
  const tables = createTableVerify({ module, other: node, defer: (run) => queue.push(run) });
  const [first, second] = [newPair(), newPair()];
  tables.retain([first.key, second.key]);
  use(tables, first, 16);
  for (let i = 0; i < 40; i++) queue.shift()?.();
  t.equal(tables.figures().tables, 1, 'built between requests');
  const held = tables.figures().bytes;
  use(tables, second, 16);
  for (let i = 0; i < 3; i++) queue.shift()?.();
  t.ok(tables.figures().bytes > held, 'half built');
  tables.retain([]);
  while (queue.length > 0) queue.shift()?.();
  t.strictSame([tables.figures().keys, tables.figures().tables], [0, 0]);
  t.ok(tables.figures().bytes < held, 'only the base point is left');
  t.equal(use(tables, first, 5), 5);
});

t.test('the same key in a new trust table keeps its table', async (t) => {
  const tables = create();
  const pair = newPair();
  tables.retain([pair.key]);
  use(tables, pair, 16);
  tables.settle();
  const again: PublicKey = {
    algorithm: 'Ed25519',
    x: Uint8Array.from(pair.key.algorithm === 'Ed25519' ? pair.key.x : []),
  };
  tables.retain([again]);
  t.equal(tables.figures().tables, 1);
  t.equal(use(tables, { ...pair, key: again }, 20), 20);
});

t.test('memory stays within the budget, whoever is busy', async (t) => {
  const tables = create(node, open(MB));
  const pairs = Array.from({ length: 20 }, newPair);
  tables.retain(pairs.map(({ key }) => key));
  const bases = 2 * MB;
  for (let round = 0; round < 3; round++) {
    for (const pair of pairs) t.equal(use(tables, pair, 300), 300);
    tables.settle();
    t.ok(tables.figures().bytes <= MB + bases, String(tables.figures().bytes));
  }
  t.ok(tables.figures().tables >= 10);
});

t.test('no memory for tables: everything goes to the other backend', async (t) => {
  const other = counting();
  const tables = create(other.verify, open(0));
  const pair = newPair();
  tables.retain([pair.key]);
  t.equal(use(tables, pair, 50), 50);
  tables.settle();
  t.equal(use(tables, pair, 50), 50);
  t.equal(other.asked(), 100);
});

/** A module that answers with `lie` once it is armed, after its known answers. */
function lying(lie: number): { readonly module: TableModule; readonly arm: () => void } {
  const module = open();
  let isArmed = false;
  const verify = (at: number, length: number) => (isArmed ? lie : module.wasm.verify(at, length));
  return {
    module: { ...module, wasm: { ...module.wasm, verify } },
    arm: () => {
      isArmed = true;
    },
  };
}

t.test('nobody is called a forger on the word of the tables alone', async (t) => {
  const { module, arm } = lying(0);
  const tables = create(node, module);
  const pair = newPair();
  tables.retain([pair.key]);
  use(tables, pair, 16);
  tables.settle();
  arm();
  t.equal(use(tables, pair, 100), 100, 'every sound signature is found sound');
  t.strictSame([tables.figures().fault, tables.figures().tables], ['disagreement', 0]);
});

t.test('tables that would take anything are found out by the samples', async (t) => {
  const { module, arm } = lying(1);
  const tables = create(node, module);
  const pair = newPair();
  tables.retain([pair.key]);
  use(tables, pair, 16);
  tables.settle();
  arm();
  const forged = (): boolean =>
    tables.verify(pair.key, randomBytes(9), sign(null, randomBytes(9), pair.privateKey));
  t.notOk(forged(), 'the first answer of all is a sample');
  t.equal(tables.figures().fault, 'disagreement');
  for (let i = 0; i < 2_000; i++) if (forged()) t.fail('accepted');
});

t.test('a flood of forgeries is soon judged by the tables alone', async (t) => {
  const other = counting();
  const tables = create(other.verify);
  const pair = newPair();
  tables.retain([pair.key]);
  use(tables, pair, 16);
  tables.settle();
  const before = other.asked();
  for (let i = 0; i < 2_000; i++)
    tables.verify(pair.key, randomBytes(9), sign(null, randomBytes(9), pair.privateKey));
  t.ok(other.asked() - before <= 256, String(other.asked() - before));
});

t.test('a trap while verifying or building leaves the tables', async (t) => {
  const trap = (): never => {
    throw new Error('unreachable');
  };
  for (const part of ['verify', 'build'] as const) {
    const module = open();
    let isArmed = false;
    const wasm = {
      ...module.wasm,
      verify: (at: number, length: number) =>
        isArmed && part === 'verify' ? trap() : module.wasm.verify(at, length),
      build: (at: number, window: number, scratch: number) =>
        isArmed && part === 'build' ? trap() : module.wasm.build(at, window, scratch),
    };
    const queue: (() => void)[] = [];
    const tables = createTableVerify({
      module: { ...module, wasm },
      other: node,
      defer: (run) => queue.push(run),
    });
    t.equal(tables.figures().fault, null);
    const pair = newPair();
    tables.retain([pair.key]);
    use(tables, pair, 8);
    isArmed = part === 'build';
    use(tables, pair, 8);
    while (queue.length > 0) queue.shift()?.();
    isArmed = true;
    t.equal(use(tables, pair, 20), 20, 'every answer is right all the same');
    t.equal(tables.figures().fault, 'trap', part);
    t.equal(tables.figures().tables, 0);
  }
});

t.test('a module that answers wrongly fails its known answers and is not used', async (t) => {
  for (const answer of [0, 1]) {
    const tables = create(node, open(8 * MB, { verify: () => answer }));
    t.equal(tables.figures().fault, 'self_test');
    const pair = newPair();
    tables.retain([pair.key]);
    t.equal(use(tables, pair, 40), 40);
    t.equal(tables.figures().keys, 0);
  }
});

t.test('bytes that are not the committed module are not run', async (t) => {
  const bytes = Uint8Array.from(readFileSync(TABLE_MODULE_PATH));
  for (const spoil of [
    (copy: Uint8Array) => copy.map((byte, i) => (i === 5_000 ? byte ^ 1 : byte)),
    (copy: Uint8Array) => copy.subarray(0, copy.length - 1),
    () => new Uint8Array(0),
  ]) {
    const spoiled = spoil(Uint8Array.from(bytes));
    t.throws(() => compileTableModule(spoiled, sha256(spoiled)), {
      code: 'unavailable',
      rule: 'module_digest',
    });
  }
});
