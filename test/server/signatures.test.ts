// Which backend judges: tables, the one that a setting pins, or node:crypto where the module is missing or spoiled.

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import t from 'tap';
import { parsePublicJwk } from '../../src/core/signature/public-jwk.js';
import { registerSignatureMetrics } from '../../src/server/signature-metrics.js';
import { openSignatures, type Signatures } from '../../src/server/signatures.js';
import { TABLE_MODULE_PATH } from '../support/table-backend.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = parsePublicJwk({ ...publicKey.export({ format: 'jwk' }), alg: 'Ed25519' });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ecKey = parsePublicJwk({ ...ec.publicKey.export({ format: 'jwk' }), alg: 'ES256' });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Whether sound signatures are found sound and forged ones are not, before and after tables would be built. */
async function judgesRightly({ verify, retain }: Signatures): Promise<boolean> {
  retain([key, ecKey]);
  for (let i = 0; i < 60; i++) {
    const message = Uint8Array.of(i);
    const signature = sign(null, message, privateKey);
    const other = sign('sha256', message, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
    const isRight =
      verify(key, message, signature) &&
      !verify(key, Uint8Array.of(i, 1), signature) &&
      verify(ecKey, message, other) &&
      !verify(ecKey, Uint8Array.of(i, 1), other);
    if (!isRight) return false;
    await turn();
  }
  return true;
}

t.test('auto uses tables, built between requests', async (t) => {
  const signatures = openSignatures({ verifier: 'auto', verifierTableMb: 8 });
  t.ok(await judgesRightly(signatures));
  const { tableBytes, ...figures } = signatures.figures();
  t.strictSame(figures, { backend: 'table', tables: 1, fallback: null });
  t.ok(tableBytes > 70_000);
});

t.test('each backend can be pinned, and judges alike', async (t) => {
  for (const verifier of ['node', 'webcrypto', 'noble'] as const) {
    const signatures = openSignatures({ verifier, verifierTableMb: 8 });
    t.ok(await judgesRightly(signatures), verifier);
    t.strictSame(signatures.figures(), { backend: verifier, tables: 0, tableBytes: 0, fallback: null });
  }
});

t.test(
  'without the module, or with a spoiled one, the service is right and says why it is slower',
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'yima-module-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const bytes = readFileSync(TABLE_MODULE_PATH);
    const path = join(folder, 'module.wasm');
    const spoilt: readonly (readonly [string, Uint8Array | null])[] = [
      ['module_missing', null],
      ['module_digest', bytes.map((byte, i) => (i === 3_000 ? byte ^ 4 : byte))],
      ['module_digest', bytes.subarray(0, 9_000)],
      ['module_digest', Buffer.alloc(0)],
    ];
    for (const [fallback, content] of spoilt) {
      rmSync(path, { force: true });
      if (content !== null) writeFileSync(path, content);
      const signatures = openSignatures({ verifier: 'auto', verifierTableMb: 8 }, path);
      t.ok(await judgesRightly(signatures));
      t.strictSame(signatures.figures(), { backend: 'node', tables: 0, tableBytes: 0, fallback });
      const registry = new Registry();
      registerSignatureMetrics(registry, signatures);
      const text = await registry.metrics();
      t.match(text, 'yima_verifier_info{backend="node"} 1');
      t.match(text, `yima_verifier_fallback{reason="${fallback}"} 1`);
    }
  },
);

t.test('no room for tables is a choice, and nothing is said to have failed', async (t) => {
  const signatures = openSignatures({ verifier: 'auto', verifierTableMb: 0 });
  t.ok(await judgesRightly(signatures));
  t.strictSame(signatures.figures(), { backend: 'node', tables: 0, tableBytes: 0, fallback: null });
});

t.test('the smallest room is enough for the known answers', async (t) => {
  const signatures = openSignatures({ verifier: 'auto', verifierTableMb: 1 });
  t.ok(await judgesRightly(signatures));
  t.equal(signatures.figures().backend, 'table');
});

t.test('the figures are metrics', async (t) => {
  const signatures = openSignatures({ verifier: 'auto', verifierTableMb: 8 });
  await judgesRightly(signatures);
  const registry = new Registry();
  registerSignatureMetrics(registry, signatures);
  const text = await registry.metrics();
  t.match(text, 'yima_verifier_info{backend="table"} 1');
  t.match(text, 'yima_verifier_tables 1');
  t.match(text, /yima_verifier_table_bytes \d{5,}/);
  t.notMatch(text, 'yima_verifier_fallback{');
});
