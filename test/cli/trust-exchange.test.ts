// Documents on their way, and what is told of a network: publish, import, export, why, prove, calendar, list.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { createNodeSigner, generatePrivateJwk, sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBase64 } from '../../src/core/codec/base64.js';
import { utf8Encode } from '../../src/core/codec/bytes.js';
import { type Bundle, encodeBundle, loggedDocument } from '../../src/core/trust/bundle.js';
import {
  cosign,
  parseCheckpoint,
  signCheckpoint,
  withSignatures,
} from '../../src/core/trust/log/checkpoint.js';
import { bundleLeaf, documentLeaf, manifestHash } from '../../src/core/trust/log/leaves.js';
import { leafHash, nodeHash } from '../../src/core/trust/log/tree.js';
import {
  createVerifierKey,
  encodeVerifierKey,
  type NoteType,
} from '../../src/core/trust/log/verifier-key.js';
import { NOW } from '../support/fixtures.js';
import {
  authorityEntry,
  type DeskKey,
  deskKeys,
  listPayload,
  rootPayload,
  sign,
  signerEntry,
} from '../support/trust-desk.js';
import { run } from './fake-terminal.js';

const DAY = 86_400;

function noteKey(name: string, type: NoteType) {
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  if (signer.publicKey.algorithm !== 'Ed25519') throw new Error('not Ed25519');
  return { signer, key: createVerifierKey(name, type, signer.publicKey.x, sha256) };
}

const LOG = noteKey('cn.example/log', 'note');
const WITNESS = noteKey('witness.example/witness', 'cosignature');
const [rootKeys, hubKeys, regionKeys] = [deskKeys(2), deskKeys(2), deskKeys(2)];
const [OFFICE, OUTSIDER] = deskKeys(2) as [DeskKey, DeskKey];
const ROOT = sign(
  'root',
  rootPayload(rootKeys, hubKeys, {
    log: {
      origin: LOG.key.name,
      key: encodeVerifierKey(LOG.key),
      witnesses: { quorum: 1, keys: [encodeVerifierKey(WITNESS.key)] },
    },
  }),
  rootKeys,
);
const HUB = sign('list', listPayload('cn.example', [authorityEntry('33', regionKeys)]), hubKeys);
const REGION = sign(
  'list',
  listPayload('33', [
    signerEntry('330102', [OFFICE], { exp: NOW + 20 * DAY }),
    signerEntry('34', [OUTSIDER]),
  ]),
  regionKeys,
);

/** A log of two leaves, the second of which is the bundle's. */
function bundleOf(isSeen: boolean): { bundle: Bundle; checkpoint: string } {
  const documents = [ROOT, REGION, HUB].map(loggedDocument);
  const [first, second] = [
    documentLeaf(loggedDocument(REGION)),
    bundleLeaf(manifestHash(documents, sha256)),
  ].map((text) => leafHash(utf8Encode(text), sha256));
  if (first === undefined || second === undefined) throw new Error('two leaves');
  const root = nodeHash(first, second, sha256);
  const signed = signCheckpoint(LOG.key, { size: 2, root }, LOG.signer.sign);
  const seen = cosign(parseCheckpoint(signed), WITNESS.key, NOW, WITNESS.signer.sign);
  const checkpoint = isSeen ? withSignatures(parseCheckpoint(signed), [seen]) : signed;
  const log = { checkpoint, index: 1, proof: [first], continues: [] };
  return { bundle: { roots: [ROOT], lists: [REGION, HUB], log }, checkpoint };
}

const SEEN = bundleOf(true);
const FILES = {
  'bundle.yima': encodeBundle(SEEN.bundle),
  'unseen.yima': encodeBundle(bundleOf(false).bundle),
  'bare.yima': encodeBundle({ ...SEEN.bundle, log: null }),
  'region-1.json': `${REGION.text}\n`,
  'root-1.json': ROOT.text,
  'other.json': sign('list', listPayload('33', []), regionKeys).text,
};
const at = { now: () => NOW + 100 };
const desk = (argv: readonly string[], answers: Record<string, { status?: number; body: unknown }> = {}) =>
  run(argv, { files: FILES, terminal: at, answers });

const TAKEN = { changes: 'list', authority: '33', version: 1, hash: REGION.hash };

t.test('publish brings the document as it was signed, to the hub or the own node', async (t) => {
  const line = ['trust', 'publish', 'region-1.json'];
  const far = await desk([...line, '--to', 'https://hub.example/'], {
    'PUT https://hub.example/trust/lists/33': { body: TAKEN },
  });
  t.match(far, { code: 0, out: 'Taken and in force: 33 1\n' });
  t.match(far.sent, [{ contentType: 'application/jose+json', body: REGION.text }]);
  const own = await desk(line, { 'PUT /trust/lists/33': { body: { ...TAKEN, changes: 'nothing' } } });
  t.match(own, { code: 0, out: /already/, leftOpen: 0 });
  t.match(own.asked, [{ text: REGION.text, headers: { 'content-type': 'application/jose+json' } }]);
  t.equal((await desk(['trust', 'publish', 'root-1.json'], { 'PUT /trust/root': { body: TAKEN } })).code, 0);
});

t.test('what the hub refuses is told with its rule, and the exit code says so', async (t) => {
  const problem = {
    title: 'Not acceptable',
    detail: 'Fewer distinct keys',
    code: 'list_refused',
    rule: 'threshold',
  };
  const answers = {
    'PUT https://hub.example/trust/lists/33': { status: 422, body: problem },
    'PUT https://busy.example/trust/lists/33': { status: 503, body: { title: 'Busy', code: 'unavailable' } },
  };
  const line = (host: string) => ['trust', 'publish', 'region-1.json', '--to', `https://${host}`, '--json'];
  const refused = await desk(line('hub.example'), answers);
  t.match(refused, { code: 1, out: '' });
  t.match(JSON.parse(refused.talk), {
    code: 'list_refused',
    rule: 'threshold',
    message: /Fewer distinct keys/,
  });
  t.equal((await desk(line('busy.example'), answers)).code, 75);
});

t.test('import carries a document or a bundle to the own node, and counts what is refused', async (t) => {
  const path = 'POST /trust/import';
  const taken = { body: { accepted: [TAKEN], refused: [], unchanged: 2 } };
  const bundle = await desk(['trust', 'import', 'bundle.yima'], { [path]: taken });
  t.match(bundle, { code: 0, out: /Taken and in force +33 +1\n.*already; nothing is changed +2\n/ });
  t.match(bundle.asked, [{ text: FILES['bundle.yima'], headers: { 'content-type': 'text/plain' } }]);
  const one = await desk(['trust', 'import', 'region-1.json'], { [path]: taken });
  t.match(one.asked, [{ text: REGION.text, headers: { 'content-type': 'application/jose+json' } }]);
  const refused = [{ authority: '33', rule: 'rollback', message: 'An older version' }];
  t.match(
    await desk(['trust', 'import', 'bundle.yima'], {
      [path]: { body: { accepted: [], refused, unchanged: 0 } },
    }),
    { code: 1, out: /Refused +33 +rollback: An older version/ },
  );
});

t.test('export writes the bundle to the byte, and nothing that is none', async (t) => {
  const answers = { 'GET /trust/bundle': { body: FILES['bundle.yima'] } };
  const file = await desk(['trust', 'export', '--bundle', 'b'], answers);
  t.equal(file.written.get('b'), FILES['bundle.yima']);
  t.equal((await desk(['trust', 'export', '--bundle', '-'], answers)).out, FILES['bundle.yima']);
  const far = { 'GET https://hub.example/trust/bundle': { body: FILES['bundle.yima'] } };
  t.equal((await desk(['trust', 'export', '--bundle', '-', '--from', 'https://hub.example'], far)).code, 0);
  const cut = await desk(['trust', 'export', '--bundle', 'b'], {
    'GET /trust/bundle': { body: FILES['bundle.yima'].slice(0, -200) },
  });
  t.match(cut, { code: 1, talk: /bundle|JSON/ });
  t.equal(cut.written.size, 0);
});

t.test('why tells the way from the root, and why an entry counts for nothing', async (t) => {
  const trusted = await desk(['trust', 'why', OFFICE.thumbprint, '--from', 'bundle.yima']);
  t.match(trusted, {
    code: 0,
    out: /root\n +cn\.example: every region.*list version 1, counts\n +33: 33, .*\n +330102 \(credential\): 330102, .*\nCounts, state active/,
  });
  const dropped = await desk(['trust', 'why', OUTSIDER.thumbprint, '--from', 'bundle.yima']);
  t.match(dropped, { code: 1, out: /Counts for nothing: name_outside/ });
  t.match(await desk(['trust', 'why', 'AAAAAAAAAAA', '--from', 'bundle.yima']), {
    code: 1,
    out: /No list names/,
  });
  const explanations = JSON.parse(
    (await desk(['trust', 'why', OFFICE.thumbprint, '--from', 'bundle.yima', '--json'])).out,
  );
  for (const [from, origin] of [
    [[], ''],
    [['--from', 'https://hub.example'], 'https://hub.example'],
  ] as const) {
    const asked = await desk(['trust', 'why', OFFICE.thumbprint, ...from], {
      [`GET ${origin}/trust/keys/${OFFICE.thumbprint}`]: { body: { explanations } },
    });
    t.equal(asked.out, trusted.out);
  }
});

t.test('prove holds a document against the log that the pinned root names', async (t) => {
  const prove = (file: string, ...more: string[]) => ['trust', 'prove', file, '--pin', ROOT.hash, ...more];
  t.match(await desk(prove('region-1.json', '--bundle', 'bundle.yima')), {
    code: 0,
    out: /In the log +33 1\n[\s\S]*cn\.example\/log[\s\S]*1 \/ 2/,
  });
  const rows: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['another document', prove('other.json', '--bundle', 'bundle.yima'), /does not hold this document/],
    ['too few witnesses', prove('region-1.json', '--bundle', 'unseen.yima'), /Too few witnesses/],
    ['no proof', prove('region-1.json', '--bundle', 'bare.yima'), /no proof of the log/],
    [
      'seen too long ago',
      prove('region-1.json', '--bundle', 'bundle.yima', '--max-age-days', '0'),
      /too long/,
    ],
    ['no pin', ['trust', 'prove', 'region-1.json', '--bundle', 'bundle.yima'], /--pin/],
    [
      'another pin',
      ['trust', 'prove', 'region-1.json', '--bundle', 'bundle.yima', '--pin', HUB.hash],
      /pinned to/,
    ],
  ];
  for (const [name, line, says] of rows) t.match(await desk(line), { code: 1, out: '', talk: says }, name);
});

t.test('prove by a node believes the proof and not the node', async (t) => {
  const url = 'https://hub.example';
  const [other] = SEEN.bundle.log?.proof ?? [];
  const second = leafHash(
    utf8Encode(bundleLeaf(manifestHash([ROOT, REGION, HUB].map(loggedDocument), sha256))),
    sha256,
  );
  const answer = { size: 2, index: 0, leaf: '', proof: [encodeBase64(second)], checkpoint: SEEN.checkpoint };
  const ask = (file: string, hash: string, body: unknown) =>
    desk(['trust', 'prove', file, '--from', url, '--pin', ROOT.hash], {
      [`GET ${url}/trust/root`]: { body: ROOT.text },
      [`GET ${url}/trust/log/proof?hash=${hash}`]: { body },
    });
  t.match(await ask('region-1.json', REGION.hash, answer), { code: 0, out: /0 \/ 2/ });
  const lie = { ...answer, proof: [encodeBase64(other ?? second)] };
  t.match(await ask('region-1.json', REGION.hash, lie), { code: 1, out: '', talk: /does not lead/ });
  t.match(await ask('root-1.json', ROOT.hash, answer), { code: 1, out: '', talk: /does not lead/ });
});

t.test('the calendar tells what ends, soonest first, and its exit code warns', async (t) => {
  const line = ['trust', 'calendar', '--from', 'bundle.yima'];
  const warned = await desk(line);
  t.match(warned, { code: 1, out: /^\S+ \S+ +soon +key +33 +330102 \(credential\)/ });
  t.equal((await desk([...line, '--days', '19'])).code, 0);
  const rows = JSON.parse((await desk([...line, '--json'])).out) as { at: number; what: string }[];
  t.same(
    rows.map(({ what }) => what),
    ['key', 'list', 'list', 'root'],
    'the dropped entry has no end',
  );
  t.same(
    rows.map((row) => row.at),
    rows.map((row) => row.at).sort((a, b) => a - b),
  );
  const late = await run(line, { files: FILES, terminal: { now: () => NOW + 366 * DAY } });
  t.match(late, { code: 1, out: /over +root/ });
});

t.test('the list shows the network where there is one', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'yima-trust-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  const member = { authority: '33', through: 'cn.example', version: 4, seen: null };
  const standing = {
    pin: ROOT.hash,
    root: { authority: 'root', version: 2, hash: ROOT.hash },
    lists: 2,
    keys: 3,
    dropped: 1,
    expiresAt: NOW,
    acceptedAt: NOW,
    issuer: { name: '330102', listed: true },
    log: { seenSize: 0, key: encodeVerifierKey(LOG.key), witnessKey: null },
  };
  const ran = await run(['trust', 'list'], {
    terminal: { ...at, env: { YIMA_TRUST_PIN: ROOT.hash, YIMA_DATA_DIR: dataDir } },
    answers: {
      'GET /trust/members': { body: { members: [member] } },
      'GET /trust/standing': { body: standing },
    },
  });
  t.match(ran, { code: 0, out: /authority +33 +through cn\.example +list version 4/, leftOpen: 0 });
  t.match(ran.out, `Key of the log kept here        ${encodeVerifierKey(LOG.key)}\n`);
});
