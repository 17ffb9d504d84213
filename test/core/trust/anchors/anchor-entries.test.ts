// Foreign keys in the list of a hub: what a directory's reader makes of them is what lists hold, and what codes are judged by.

import t from 'tap';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { anchorEntries } from '../../../../src/core/trust/anchors/anchors.js';
import {
  parseSignedDocument,
  type SignedDocument,
} from '../../../../src/core/trust/documents/signed-document.js';
import { createAdmission } from '../../../../src/core/trust/documents/trusted-key.js';
import { createTrustNetwork, type TrustNetwork } from '../../../../src/core/trust/network/network.js';
import { createDccSigner, createGate, dccClaims, NOW, signHc1 } from '../../../support/fixtures.js';
import {
  cardClaims,
  createCardIssuer,
  createPassIssuer,
  passClaims,
  signCard,
  signPass,
} from '../../../support/foreign.js';
import {
  authorityEntry,
  deskKeys,
  listPayload,
  nextVersion,
  rootPayload,
  sign,
} from '../../../support/trust-desk.js';

const [ROOT, HUB, A] = [deskKeys(3), deskKeys(3), deskKeys(3)];
const [dcc, cards, passes] = [createDccSigner(), createCardIssuer(), createPassIssuer()];
const entries = anchorEntries([dcc, cards, passes].map(({ record }) => record)).map(
  (entry): JsonObject => ({ ...entry }),
);
const codes = [
  signHc1(dccClaims(), dcc.signer),
  signCard(cardClaims(), cards),
  signPass(passClaims(), passes),
];

function run<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

function accept(network: TrustNetwork, document: SignedDocument): void {
  run(network.apply(run(network.judge(parseSignedDocument(document.text, sha256), NOW))));
}

function open(hubEntries: readonly JsonObject[]) {
  const root = sign('root', rootPayload(ROOT, HUB), ROOT);
  const hub = sign('list', listPayload('cn.example', hubEntries), HUB);
  const network = createTrustNetwork({
    admit: createAdmission({ sha256 }),
    verify: createNodeVerify(),
    pin: root.hash,
  });
  accept(network, root);
  accept(network, hub);
  const reasons = (): readonly string[] => {
    const gate = createGate([...network.records()]);
    return codes.map((code) => gate.verify(code).reason);
  };
  return { network, hub, reasons };
}

t.test('the hub’s entries make foreign codes valid, and its revocation ends that', async (t) => {
  const { network, hub, reasons } = open(entries);
  t.strictSame(reasons(), ['no_policy', 'no_policy', 'no_policy']);
  const revoked = [{ key: cards.record.kid, at: NOW, reason: 'stolen' }];
  accept(network, sign('list', nextVersion(hub, { revoked }), HUB));
  t.strictSame(reasons(), ['no_policy', 'key_revoked', 'no_policy']);
});

t.test('a province vouches for no foreign format', async (t) => {
  const { network, reasons } = open([authorityEntry('33', A)]);
  accept(network, sign('list', listPayload('33', entries), A));
  t.strictSame(reasons(), ['issuer_unknown', 'issuer_unknown', 'issuer_unknown']);
});

t.test('a kid that breaks its format’s rule is refused with its reason', async (t) => {
  const admit = createAdmission({ sha256 });
  const jwkOf = (place: number): JsonObject =>
    (entries[place]?.['keys'] as readonly JsonObject[] | undefined)?.[0] ?? {};
  for (const [place, format] of [
    [0, 'eu-dcc'],
    [1, 'shc'],
    [2, 'nzcp'],
  ] as const) {
    const jwk = jwkOf(place);
    t.equal(admit(jwk, format).kid, jwk['kid']);
    for (const [kid, rule] of [
      [undefined, 'kid_missing'],
      ['', format === 'shc' ? 'kid_mismatch' : 'kid_form'],
      ['A='.repeat(10), format === 'shc' ? 'kid_mismatch' : 'kid_form'],
      ['A'.repeat(88), format === 'shc' ? 'kid_mismatch' : 'kid_form'],
    ] as const) {
      t.throws(() => admit({ ...jwk, kid }, format), { code: 'key_refused', rule }, `${format} ${rule}`);
    }
  }
});
