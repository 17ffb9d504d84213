import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createNodeSigner, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import {
  isShowable,
  type PassState,
  passState,
  readCode,
  renewalDue,
} from '../../src/web/wallet/held-code.js';
import { offerOfFragment, offerOfText } from '../../src/web/wallet/offer-link.js';
import { isOff, offsetOf, serverNow } from '../../src/web/wallet/server-clock.js';
import { SPEECH_TEXTS } from '../../src/web/wallet/speech-texts.js';
import { lookOf } from '../../src/web/wallet/state-look.js';
import { createWalletSay } from '../../src/web/wallet/wallet-language.js';
import { contentOf, NOW } from '../support/fixtures.js';
import { ROOT } from '../support/shared.js';

const ORIGIN = 'https://yima.example';
const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
const health = readCode(encodeYm1(contentOf('health-code'), signer));
const licence = readCode(encodeYm1(contentOf('driving-licence'), signer));

t.test(
  'an offer is read in every form in which it reaches a phone, and only of the own server',
  async (t) => {
    const uri = `${ORIGIN}/openid4vci/offers/abc`;
    const fragment = `#offer=${encodeURIComponent(uri)}`;
    const offer = { name: 'offer', uri };
    t.same(offerOfFragment(fragment, ORIGIN), offer);
    t.equal(offerOfFragment('#elsewhere', ORIGIN), null, 'another fragment is no offer');
    t.same(offerOfText(` ${ORIGIN}/wallet${fragment}\n`, ORIGIN), offer);
    t.same(
      offerOfText(`openid-credential-offer://?credential_offer_uri=${encodeURIComponent(uri)}`, ORIGIN),
      offer,
    );
    const other = { name: 'elsewhere', host: 'other.example' };
    t.same(offerOfText(`https://other.example/wallet${fragment}`, ORIGIN), other, 'another wallet');
    t.same(
      offerOfFragment('#offer=https%3A%2F%2Fother.example%2Fo', ORIGIN),
      other,
      'an offer of another server',
    );
    for (const text of [
      '',
      'YM1:ABC',
      'javascript:alert(1)',
      `${ORIGIN}/wallet`,
      `${ORIGIN}/wallet#offer=`,
      '#offer=x',
    ]) {
      t.equal(offerOfText(text, ORIGIN).name, 'unreadable', text);
    }
    t.equal(offerOfFragment('#offer=javascript:alert(1)', ORIGIN)?.name, 'unreadable');
    t.equal(
      offerOfText(`${ORIGIN}/wallet#offer=${'a'.repeat(5_000)}`, ORIGIN).name,
      'unreadable',
      'too long',
    );
  },
);

t.test('the server’s time is known to a second, whatever the phone’s clock says', async (t) => {
  const served = Date.UTC(2026, 10, 25, 12, 0, 0);
  const dayOff = 86_400_000;
  const offset = offsetOf(new Date(served).toUTCString(), served + dayOff - 100, served + dayOff + 100) ?? 0;
  t.ok(Math.abs(serverNow(served + dayOff, offset) - served / 1000) <= 1);
  t.ok(isOff(offset));
  t.notOk(isOff(60));
  t.equal(offsetOf(null, 0, 0), null);
  t.equal(offsetOf('no date', 0, 0), null);
});

t.test('a colour is shown as one only while it is new', async (t) => {
  const seen = { word: 'green', at: NOW };
  const name = (now: number, word = 'green'): PassState['name'] =>
    passState(health, { word, at: NOW }, now).name;
  t.equal(name(NOW + 300), 'current');
  t.equal(name(NOW + 301), 'stale');
  t.equal(name(NOW + 301, 'red'), 'stale');
  t.equal(name(NOW + 301, 'revoked'), 'ended', 'revoked stays revoked however old the news');
  t.equal(name(NOW + 301, 'moved'), 'ended');
  t.equal(name(health.expiresAt ?? 0), 'expired');
  t.equal(name((health.expiresAt ?? 0) - 1), 'stale');
  t.equal(name((health.expiresAt ?? 0) + 9, 'suspended'), 'ended');
  t.equal(name(NOW, 'purple'), 'unseen', 'a word that the kind does not have is none');
  t.equal(passState(health, null, NOW).name, 'unseen');
  t.equal(passState({ ...health, notBefore: NOW + 5 }, seen, NOW).name, 'early');
  t.equal(
    passState(licence, { word: 'valid', at: NOW }, NOW + 86_400).name,
    'current',
    'a licence keeps a day',
  );
  t.same(
    (['current', 'stale', 'unseen', 'ended', 'expired', 'early'] as const).map((state) =>
      isShowable({ name: state, word: '', text: { 'zh-CN': '', en: '' }, at: 0 }),
    ),
    [true, true, true, false, false, false],
  );
  t.equal(renewalDue(health), health.issuedAt + 4 * 3_600);
});

t.test('every state of every kind has tone, icon, word and meaning in both languages', async (t) => {
  for (const language of ['zh-CN', 'en'] as const) {
    const spoken = { language, say: createWalletSay(language), choose: () => undefined };
    for (const kind of KINDS.all) {
      for (const word of [
        'revoked',
        'suspended',
        'moved',
        ...kind.status.meanings.map((each) => each.word),
      ]) {
        const look = lookOf(passState({ ...health, kind, expiresAt: null }, { word, at: NOW }, NOW), spoken);
        t.notMatch(look.meaning, createWalletSay(language)('state.meaning.other'), `${kind.name} ${word}`);
        t.ok(look.tone && look.icon && look.word, `${kind.name} ${word}`);
      }
    }
    const others = [passState(health, null, NOW), passState(health, null, (health.expiresAt ?? 0) + 1)];
    for (const state of others) t.ok(lookOf(state, spoken).word);
  }
});

t.test('what is spoken agrees with what is written, and the clips are small', async (t) => {
  let bytes = 0;
  for (const language of ['zh-CN', 'en'] as const) {
    const spoken = { language, say: createWalletSay(language), choose: () => undefined };
    const folder = join(ROOT, 'src/web/wallet/speech', language);
    const clips = readdirSync(folder).sort();
    t.same(
      clips,
      Object.keys(SPEECH_TEXTS[language])
        .map((name) => `${name}.mp3`)
        .sort(),
    );
    for (const clip of clips) bytes += statSync(join(folder, clip)).size;
    for (const kind of [health.kind, licence.kind]) {
      for (const word of [
        'revoked',
        'suspended',
        ...(kind?.status.meanings.map((each) => each.word) ?? []),
      ]) {
        const look = lookOf(passState({ ...health, kind, expiresAt: null }, { word, at: NOW }, NOW), spoken);
        const text = look.clip === null ? '' : SPEECH_TEXTS[language][look.clip];
        t.ok(text.includes(look.word) && text.includes(look.meaning), `${word}: ${text}`);
      }
    }
  }
  t.ok(bytes < 200_000, `${bytes} bytes`);
});
