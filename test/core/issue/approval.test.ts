import fc from 'fast-check';
import t from 'tap';
import { createNodeVerify, sha256 } from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { asciiEncode, utf8Encode } from '../../../src/core/codec/bytes.js';
import { checkApproval, proposalHash, signApproval } from '../../../src/core/issue/approval.js';
import type { Signer } from '../../../src/core/signature/ports.js';
import { newPerson } from '../../support/officers.js';
import { refusal } from '../../support/refusal.js';

const NOW = 1_790_000_000;
const HASH = 'ab'.repeat(32);
const verify = createNodeVerify();
const ed25519 = newPerson().signer;
const es256 = newPerson('ES256').signer;

/** A JWS of any texts, signed. */
function raw(header: string, payload: string, signer: Signer = ed25519): string {
  const input = `${encodeBase64url(utf8Encode(header))}.${encodeBase64url(utf8Encode(payload))}`;
  return `${input}.${encodeBase64url(signer.sign(asciiEncode(input)))}`;
}

async function verdict(jws: string, signer = ed25519, action: 'propose' | 'approve' = 'approve', now = NOW) {
  const check = async () => checkApproval(jws, { hash: HASH, action }, signer.publicKey, now, verify);
  return refusal(check());
}

t.test('what an officer signed is accepted for ten minutes, with either algorithm', async (t) => {
  for (const signer of [ed25519, es256]) {
    const jws = signApproval({ hash: HASH, action: 'approve', iat: NOW }, signer);
    for (const now of [NOW - 300, NOW, NOW + 300])
      t.equal(await verdict(jws, signer, 'approve', now), undefined);
    for (const now of [NOW - 301, NOW + 301])
      t.match(await verdict(jws, signer, 'approve', now), { code: 'forbidden', rule: 'approval_time' });
  }
});

t.test('every other signature is refused with its reason', async (t) => {
  const header = '{"alg":"Ed25519","typ":"yima-approval+jwt"}';
  const payload = (members: object) =>
    JSON.stringify({ hash: HASH, action: 'approve', iat: NOW, ...members });
  const good = raw(header, payload({}));
  t.equal(await verdict(good), undefined);
  const [head = '', body = '', signature = ''] = good.split('.');
  const rows: readonly [what: string, jws: string, expected: object][] = [
    [
      'another hash',
      raw(header, payload({ hash: 'cd'.repeat(32) })),
      { code: 'forbidden', rule: 'approval_hash' },
    ],
    [
      'another action',
      raw(header, payload({ action: 'propose' })),
      { code: 'forbidden', rule: 'approval_action' },
    ],
    [
      'another key',
      raw(header, payload({}), newPerson().signer),
      { code: 'forbidden', rule: 'approval_signature' },
    ],
    [
      'another algorithm',
      raw(header.replace('Ed25519', 'ES256'), payload({}), es256),
      { code: 'forbidden', rule: 'approval_key' },
    ],
    [
      'a changed payload',
      `${head}.${encodeBase64url(utf8Encode(payload({ iat: NOW + 1 })))}.${signature}`,
      { code: 'forbidden', rule: 'approval_signature' },
    ],
    ['another type', raw('{"alg":"Ed25519","typ":"JWT"}', payload({})), { code: 'invalid_request' }],
    ['no type', raw('{"alg":"Ed25519"}', payload({})), { code: 'invalid_request' }],
    [
      'a key id',
      raw('{"alg":"Ed25519","typ":"yima-approval+jwt","kid":"a"}', payload({})),
      { code: 'invalid_request' },
    ],
    [
      'a key of its own',
      raw('{"alg":"Ed25519","typ":"yima-approval+jwt","jwk":{}}', payload({})),
      { code: 'invalid_request' },
    ],
    [
      'no algorithm',
      raw('{"alg":"none","typ":"yima-approval+jwt"}', payload({})),
      { code: 'invalid_request' },
    ],
    ['one member more', raw(header, payload({ note: 'x' })), { code: 'invalid_request' }],
    ['a member twice', raw(header, payload({}).replace('{', '{"iat":1,')), { code: 'invalid_request' }],
    ['no time', raw(header, JSON.stringify({ hash: HASH, action: 'approve' })), { code: 'invalid_request' }],
    ['a time that is no number', raw(header, payload({ iat: `${NOW}` })), { code: 'invalid_request' }],
    ['a time with a fraction', raw(header, payload({ iat: NOW + 0.5 })), { code: 'invalid_request' }],
    ['an unknown action', raw(header, payload({ action: 'withdraw' })), { code: 'invalid_request' }],
    ['no object', raw(header, '[]'), { code: 'invalid_request' }],
    ['padding', `${good}=`, { code: 'invalid_request' }],
    ['white space', ` ${good}`, { code: 'invalid_request' }],
    ['no signature', `${head}.${body}.`, { code: 'invalid_request' }],
    ['too long', raw(header, payload({ hash: 'a'.repeat(1_024) })), { code: 'invalid_request' }],
    ['nothing', '', { code: 'invalid_request' }],
  ];
  for (const [what, jws, expected] of rows) t.match(await verdict(jws), { ...expected, field: 'jws' }, what);
});

t.test('the hash is that of type and canonical text, whatever the order of members', (t) => {
  const { text, hash } = proposalHash('colour', { b: 1, a: ['x'] }, sha256);
  t.equal(text, '{"a":["x"],"b":1}');
  t.equal(hash, proposalHash('colour', { a: ['x'], b: 1 }, sha256).hash);
  t.not(hash, proposalHash('rule', { a: ['x'], b: 1 }, sha256).hash);
  const word = fc.string({ minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.tuple(word, word), fc.tuple(word, word), ([type, name], [type2, name2]) => {
      const same = type === type2 && name === name2;
      const hashOf = (of: string, value: string) => proposalHash(of, { value }, sha256).hash;
      return (hashOf(type, name) === hashOf(type2, name2)) === same;
    }),
  );
  t.end();
});
