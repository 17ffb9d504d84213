import fc from 'fast-check';
import t from 'tap';
import { Value } from 'typebox/value';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { encodeYimaJws } from '../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import { REASON_CODES, REASONS } from '../../src/core/errors/reasons.js';
import type { Answer } from '../../src/core/verify/answer.js';
import { answerBytes } from '../../src/http/answer-bytes.js';
import { answerSchema } from '../../src/http/schemas/answer.js';
import {
  contentOf,
  createDccSigner,
  createGate,
  createIssuer,
  dccClaims,
  NOW,
  signHc1,
} from '../support/fixtures.js';
import {
  cardClaims,
  createCardIssuer,
  createPassIssuer,
  passClaims,
  signCard,
  signPass,
} from '../support/foreign.js';
import { ADMIT } from './support/answers.js';

const { signer, record } = createIssuer();
const dcc = createDccSigner();
const answerJson = (answer: Answer): string => answerBytes(answer).toString('utf8');
const [cards, passes] = [createCardIssuer(), createPassIssuer()];
const gate = createGate([record, dcc.record, cards.record, passes.record]);

function realAnswers(): Answer[] {
  const codes = KINDS.all.flatMap(({ name }) => [
    encodeYm1(contentOf(name), signer),
    encodeYimaJws(contentOf(name), signer),
  ]);
  const foreign = [
    signHc1(dccClaims(), dcc.signer),
    signCard(cardClaims(), cards),
    signPass(passClaims(), passes),
  ];
  const others = [...foreign, 'YM1:', 'https://example.com/', 'shc:/56', ''];
  const now = [...codes, ...others].map((code) => gate.verify(code));
  const later = codes.map((code) => gate.verify(code, { now: NOW + 400 * 366 * 86_400 }));
  return [...now, ...later];
}

t.test(
  'the text of a real answer is what JSON.stringify writes, and fits the documented schema',
  async (t) => {
    for (const answer of realAnswers()) {
      for (const _again of [1, 2]) t.equal(answerJson(answer), JSON.stringify(answer), answer.reason);
      t.ok(Value.Check(answerSchema, JSON.parse(answerJson(answer))), `${answer.reason} fits`);
    }
  },
);

t.test('every reason has its text, with its own sentence or with one filled in', async (t) => {
  for (const reason of REASON_CODES) {
    const { decision, tone, text, next } = REASONS[reason];
    const answer: Answer = { ...ADMIT, decision, reason, tone, text, next, credential: null, policy: null };
    t.equal(answerJson(answer), JSON.stringify(answer), reason);
    const filled = { ...answer, text: { 'zh-CN': '"引号"\n', en: '\u2028</script>' } };
    t.equal(answerJson(filled), JSON.stringify(filled), `${reason}, filled in`);
  }
});

t.test('no value that a credential can carry breaks out of its place', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 2_000 });
  fc.assert(
    fc.property(text, text, text, (kind, name, value) => {
      const label = { 'zh-CN': value, en: name };
      const subject = [
        { name, label, value },
        { name, label, value, text: { ...label } },
      ];
      const credential = {
        ...(ADMIT.credential as NonNullable<Answer['credential']>),
        kind,
        issuer: name,
        subject,
      };
      const answer: Answer = { ...ADMIT, credential, policy: { id: kind, version: 1, rule: value } };
      return answerJson(answer) === JSON.stringify(answer);
    }),
  );
});
