// Live codes: who signed what, when, and where it was seen, with the credential known or not.

import { Point } from '@noble/ed25519';
import t from 'tap';
import { sha256Text } from '../../../src/adapters/crypto-node.js';
import { createWebVerify } from '../../../src/adapters/crypto-web.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import { SMALL_ORDER_ENCODINGS } from '../../../src/core/signature/edwards.js';
import type { VerifySignature, VerifySignatureAsync } from '../../../src/core/signature/ports.js';
import type { Answer } from '../../../src/core/verify/answer.js';
import { conclude } from '../../../src/core/verify/conclude.js';
import { createKnownCodes } from '../../../src/core/verify/known-codes.js';
import { type Candidate, prepare } from '../../../src/core/verify/prepare.js';
import { SHOWN_ANYWHERE, type Showing } from '../../../src/core/verify/showing.js';
import { type VerifyDeps, verifyCode, verifyOutcome } from '../../../src/core/verify/verify-code.js';
import { createDevice, quietSightings, signYm2, ym2Claims } from '../../support/device.js';
import { contentOf, createGate, createIssuer, momentAt, NOW, STATUS_BASE } from '../../support/fixtures.js';
import { TORSION } from '../signature/crafted.js';

const { signer, record } = createIssuer();
const devices = [createDevice('ES256'), createDevice('Ed25519')] as const;
const [device] = devices;
const bound = device.bind(signer);
const NONCE = new Uint8Array(8).fill(7);

function at(site: string, caller = 'k1'): Showing {
  return { caller, site, nonce: null };
}

/** A gate that remembers codes and sightings, and counts the signatures that it checks. */
function openGate(change: Partial<VerifyDeps> = {}) {
  const { deps, arena } = createGate([record]);
  const known = createKnownCodes({ sha256Text, maxEntries: 100 });
  const sightings = quietSightings();
  let checked = 0;
  const verify: VerifySignature = (...signed) => {
    checked++;
    return deps.verify(...signed);
  };
  const ask = (text: string, context: Partial<VerifyDeps['context']> = {}): Answer =>
    verifyCode(text, {
      ...deps,
      verify,
      known,
      ...change,
      context: { ...deps.context, sightings, ...context },
    });
  return { arena, ask, checked: () => checked, sightings };
}

t.test('a live code is admitted, and says how sure that is', async (t) => {
  for (const each of devices) {
    const answer = openGate().ask(each.present(each.bind(signer)));
    t.match(answer, { decision: 'admit', reason: 'ok', assurance: 'device-signed', replay: 'local' });
    t.match(answer.credential, { envelope: 'YM1', outcome: 'valid' });
    t.equal(answer.checks.find(({ rung }) => rung === 'holder')?.result, 'pass');
  }
  const unremembered = createGate([record]).verify(device.present(bound));
  t.match(unremembered, { decision: 'admit', assurance: 'device-signed', replay: 'not_applicable' });
});

t.test('30 seconds either way, to the second', async (t) => {
  const live = device.present(bound);
  for (const [now, reason] of [
    [NOW - 31, 'presentation_expired'],
    [NOW - 30, 'ok'],
    [NOW + 30, 'ok'],
    [NOW + 31, 'presentation_expired'],
  ] as const) {
    t.equal(openGate().ask(live, { now }).reason, reason, String(now - NOW));
  }
  const old = openGate().ask(live, { now: NOW + 60 });
  t.match(old, { decision: 'refuse', tone: 'again', assurance: 'static', replay: 'not_applicable' });
  t.match(old.credential, { outcome: 'indeterminate', subject: null });
});

t.test('a clock that is known to be wrong calls no live code old', async (t) => {
  const answer = openGate().ask(device.present(bound), { now: NOW - 100, clockFloor: NOW });
  t.match(answer, { decision: 'indeterminate', reason: 'clock_untrusted' });
});

t.test('the credential’s own faults are told first or last, as the ladder goes', async (t) => {
  const live = device.present(bound);
  const gate = openGate();
  gate.arena.set(STATUS_BASE, 1, 7, 1);
  t.equal(gate.ask(live).reason, 'revoked');
  t.equal(gate.ask(live, { now: NOW + 31 }).reason, 'presentation_expired', 'before the status is read');
  t.equal(gate.ask(createDevice().present(bound)).reason, 'revoked', 'before the device is judged');
  const late = NOW + 25 * 3_600;
  t.equal(openGate().ask(device.present(bound, late), { now: late }).reason, 'expired');
  const stranger = device.bind(createIssuer().signer);
  t.equal(openGate().ask(device.present(stranger)).reason, 'issuer_unknown');
  t.equal(openGate().ask(live, { now: NOW + 5, maxTrustAgeSeconds: 0 }).reason, 'trust_stale');
});

t.test('a device’s signature is checked at every scan, the issuer’s once', async (t) => {
  const gate = openGate();
  t.equal(gate.ask(device.present(bound)).reason, 'ok');
  t.equal(gate.checked(), 2);
  t.equal(gate.ask(device.present(bound, NOW + 1)).reason, 'ok');
  t.equal(gate.checked(), 3);
  t.equal(gate.ask(bound).reason, 'holder_mismatch', 'nothing rubs off on the credential itself');
  t.equal(gate.checked(), 3, 'which is known');
  t.equal(gate.ask(createDevice().present(bound)).reason, 'holder_mismatch');
  t.equal(gate.checked(), 4);
  const other = openGate();
  t.equal(other.ask(bound).reason, 'holder_mismatch');
  t.equal(other.ask(device.present(bound)).reason, 'ok', 'known by a bare look');
  t.equal(other.checked(), 2);
});

t.test('no device’s signature is checked of what no issuer signed', async (t) => {
  const forger = createIssuer({ kid: record.kid });
  const gate = openGate();
  const forged = encodeYm1(contentOf('health-code', { deviceKey: device.signer.publicKey }), {
    ...forger.signer,
    kid: signer.kid,
  });
  t.equal(gate.ask(device.present(forged)).reason, 'bad_signature');
  t.equal(gate.checked(), 1);
});

t.test('a presentation is of one credential alone', async (t) => {
  const other = device.bind(signer, 'health-code', { status: { list: 1, index: 8, uri: '' } });
  const gate = openGate();
  const spliced = signYm2(ym2Claims(other), device.signer, {
    sign: () => device.signer.sign(new Uint8Array(8)),
  });
  t.equal(gate.ask(spliced).reason, 'holder_mismatch');
  const [, ed] = devices;
  t.equal(gate.ask(signYm2(ym2Claims(bound), ed.signer)).reason, 'holder_mismatch', 'another algorithm');
  t.equal(
    gate.ask(signYm2(ym2Claims(encodeYm1(contentOf(), signer)), device.signer)).reason,
    'holder_mismatch',
    'bound to nobody',
  );
  t.equal(gate.ask(signYm2(ym2Claims(bound), device.signer, { aad: 'YM1' })).reason, 'holder_mismatch');
});

t.test('an inadmissible device key is the issuer’s fault, whatever it signs', async (t) => {
  const torsioned = Point.BASE.add(TORSION).toBytes();
  const off = new Uint8Array(32).fill(0xff);
  const keys = [
    ...SMALL_ORDER_ENCODINGS.map((x) => ({ algorithm: 'Ed25519', x }) as const),
    { algorithm: 'Ed25519', x: torsioned } as const,
    { algorithm: 'ES256', x: off, y: off } as const,
  ];
  for (const deviceKey of keys) {
    const code = encodeYm1(contentOf('health-code', { deviceKey }), signer);
    const gate = openGate({ verify: () => true });
    const claims = ym2Claims(code);
    const author = deviceKey.algorithm === 'ES256' ? device.signer : devices[1].signer;
    t.equal(gate.ask(signYm2(claims, author)).reason, 'invalid_claims');
  }
});

t.test('the same site may scan again, another is told to look', async (t) => {
  const gate = openGate();
  const live = device.present(bound);
  t.equal(gate.ask(live, { showing: at('east') }).reason, 'ok');
  t.equal(gate.ask(live, { showing: at('east'), now: NOW + 3 }).reason, 'ok');
  t.equal(gate.ask(live, { showing: at('east', 'k2') }).reason, 'ok', 'with another key');
  const elsewhere = gate.ask(live, { showing: at('west') });
  t.match(elsewhere, { decision: 'hold', reason: 'replayed', tone: 'ask', assurance: 'device-signed' });
  t.match(elsewhere.credential, { outcome: 'valid', subject: [{ name: 'holderName' }] });
  t.equal(
    gate.ask(live, { showing: at('east'), now: NOW + 30 }).reason,
    'ok',
    'the first place stays the first',
  );
  const anew = device.present(bound, NOW + 10);
  t.equal(gate.ask(anew, { showing: at('west'), now: NOW + 12 }).reason, 'ok', 'refreshed');
});

t.test('without a site the key that asks stands for it', async (t) => {
  const gate = openGate();
  const live = device.present(bound);
  const by = (caller: string): Showing => ({ caller, site: null, nonce: null });
  t.equal(gate.ask(live, { showing: by('k1') }).reason, 'ok');
  t.equal(gate.ask(live, { showing: by('k1') }).reason, 'ok');
  t.equal(gate.ask(live, { showing: by('k2') }).reason, 'replayed');
  t.equal(gate.ask(live, { showing: at('k1') }).reason, 'replayed', 'a site called like a key');
});

t.test('what is refused or cannot be told is not softened to a look', async (t) => {
  const gate = openGate();
  const live = device.present(bound);
  gate.arena.set(STATUS_BASE, 1, 7, 0x0d);
  t.equal(gate.ask(live, { showing: at('east') }).reason, 'refused_by_policy');
  t.equal(gate.ask(live, { showing: at('west') }).reason, 'refused_by_policy', 'red and replayed');
  gate.arena.set(STATUS_BASE, 1, 7, 0x0c);
  t.equal(gate.ask(live, { showing: at('west') }).reason, 'replayed', 'yellow and replayed');
  t.equal(gate.ask(live, { showing: at('east') }).reason, 'held_by_policy');
  gate.arena.set(STATUS_BASE, 1, 7, 0);
  gate.arena.confirm(STATUS_BASE, momentAt(NOW - 1_000));
  const late = { showing: at('west'), steady: NOW + 1_000 };
  t.equal(gate.ask(live, late).reason, 'status_stale');
});

t.test('only sound presentations are remembered', async (t) => {
  const gate = openGate();
  const { held } = gate.sightings.figures();
  gate.ask(createDevice().present(bound), { showing: at('east') });
  gate.ask(device.present(bound), { showing: at('east'), now: NOW + 40 });
  gate.ask(bound, { showing: at('east') });
  t.equal(gate.sightings.figures().held, held);
  gate.ask(device.present(bound), { showing: at('east') });
  t.equal(gate.sightings.figures().held, held + 1);
});

t.test('a site that asked for a nonce takes no presentation without it', async (t) => {
  const asked = { showing: { ...SHOWN_ANYWHERE, nonce: NONCE } };
  t.equal(openGate().ask(device.present(bound, NOW, NONCE), asked).reason, 'ok');
  t.equal(openGate().ask(device.present(bound), asked).reason, 'presentation_expired');
  t.equal(
    openGate().ask(device.present(bound, NOW, new Uint8Array(8)), asked).reason,
    'presentation_expired',
  );
  t.equal(openGate().ask(device.present(bound, NOW, NONCE)).reason, 'ok', 'nobody asked');
});

t.test('the outcome of a presentation is the credential’s, and asking for it is no sighting', async (t) => {
  const { deps } = createGate([record]);
  const sightings = { see: () => t.fail('it was seen') as never };
  const context = { ...deps.context, sightings };
  t.equal(verifyOutcome(device.present(bound), { ...deps, context }), 'valid');
});

t.test('whoever checks signatures later gets the same answer', async (t) => {
  const verify = createWebVerify();
  const { deps } = createGate([record]);
  const later = async (text: string): Promise<string> => {
    const prepared = prepare(text, deps.keys, deps);
    const results: (Candidate | null)[] = [];
    for (const check of prepared.refusal === null ? prepared.checks : []) {
      const found = await firstOf(check.candidates, ({ key }) => verify(key, check.message, check.signature));
      results.push(found);
      if (found === null) break;
    }
    return conclude(prepared, results, deps.context).reason;
  };
  for (const text of [
    bound,
    device.present(bound),
    createDevice().present(bound),
    device.present(bound, 0),
  ]) {
    t.equal(await later(text), verifyCode(text, deps).reason);
  }
});

async function firstOf(
  candidates: readonly Candidate[],
  isBy: (candidate: Candidate) => ReturnType<VerifySignatureAsync>,
): Promise<Candidate | null> {
  for (const candidate of candidates) if (await isBy(candidate)) return candidate;
  return null;
}

t.test('nothing but the device’s own check counts for the device', async (t) => {
  const { deps } = createGate([record]);
  const prepared = prepare(device.present(bound), deps.keys, deps);
  if (prepared.refusal !== null) throw new Error(prepared.refusal.reason);
  const [, check] = prepared.checks;
  const own = check?.candidates[0] ?? null;
  t.equal(conclude(prepared, [record, own], deps.context).reason, 'ok');
  for (const [title, results] of [
    ['nothing', [record]],
    ['null', [record, null]],
    ['the issuer', [record, record]],
    ['a copy', [record, { key: device.signer.publicKey }]],
  ] as const) {
    t.equal(conclude(prepared, results, deps.context).reason, 'holder_mismatch', title);
  }
  t.equal(conclude(prepared, [own, own], deps.context).reason, 'bad_signature', 'a device is no issuer');
});
