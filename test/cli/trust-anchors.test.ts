// What an operator is told of a foreign source of keys before it goes anywhere.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { CARD_ISS, createCardIssuer } from '../support/foreign.js';
import { sharedPath } from '../support/shared.js';
import { run } from './fake-terminal.js';

const { record } = createCardIssuer();
const key = { ...publicJwk(record.key), kid: record.kid, use: 'sig' };

t.test('a JWK set: counts for people, entries for a list for machines', async (t) => {
  const file = join(t.testdir(), 'jwks.json');
  writeFileSync(file, JSON.stringify({ keys: [key] }));
  const line = ['trust', 'anchors', file, '--issuer', CARD_ISS];
  t.match(await run(line), {
    code: 0,
    out: /^accepted .* ES256 +https:[\s\S]*SMART Health Card issuer[\s\S]*Keys accepted +1\n/,
  });
  t.match(JSON.parse((await run([...line, '--json'])).out), {
    form: 'card-issuer',
    signer: null,
    issuers: 1,
    accepted: 1,
    refused: [],
    entries: [{ sub: CARD_ISS, format: 'shc', keys: [{ kid: record.kid }], state: 'active' }],
  });
  writeFileSync(file, JSON.stringify({ keys: [key, { ...key, kid: 'A'.repeat(43) }] }));
  t.match(await run(line), { code: 1, out: new RegExp(`refused +A{43} +kid_mismatch +${CARD_ISS}`) });
  t.equal((await run(['trust', 'anchors', file])).code, 1, 'whose keys they are is not said');
  t.equal((await run(['trust', 'anchors', `${file}.absent`])).code, 1);
  t.equal((await run([...line, '--fingerprint', 'aa'])).code, 1, 'there is no signature');
});

const snapshot = sharedPath('vci_snapshot.json');
const skip = snapshot === undefined && 'the folder of published vectors is absent (1 directory)';

t.test('a directory: signature, issuers, and each refused key with its reason', { skip }, async (t) => {
  const file = snapshot ?? '';
  const [sig, crt] = ['.sig', '.crt'].map((extension) => file.replace('.json', extension));
  const line = ['trust', 'anchors', file, '--signature', sig ?? '', '--certificate', crt ?? ''];
  const { code, out } = await run(line);
  t.equal(code, 1);
  t.match(
    out,
    /Issuers +651\n.*Keys accepted +959\n.*Refused +2\n.*Revocation lists +6\n.*several issuers +46\n/s,
  );
  t.equal(out.match(/^refused .* jwk_member +https:/gm)?.length, 2);
  t.equal((await run([...line, '--fingerprint', 'ab'.repeat(32)])).code, 1);
  t.equal((await run(['trust', 'anchors', file])).code, 1, 'not without its signature');
});
