// What a guard sees for every reason code, in both languages and at three widths: the word, the picture, the colour, what to do
// next, and that nothing is small, cut, covered or untranslated. The answers are those of the ladder's own table.

import t, { type Test } from 'tap';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import {
  DECISION_WORDS,
  type Decision,
  REASON_CODES,
  type Text,
  type Tone,
} from '../../src/core/errors/reasons.js';
import { type Answer, RUNGS } from '../../src/core/verify/answer.js';
import { overloadedAnswer } from '../../src/core/verify/overloaded-answer.js';
import { LADDER_ROWS, record, signer } from '../core/verify/ladder-rows.js';
import { contentOf, createGate } from '../support/fixtures.js';
import { type AnswerScreens, type Looks, openAnswerScreens, type Shown } from './support/answer-screen.js';
import { launchChromium, withoutChromium } from './support/chromium.js';

type Sizes = Readonly<Record<string, string>>;

const LANGUAGES = ['zh-CN', 'en'] as const satisfies readonly (keyof Text)[];

/** Computed font size, weight and line height. */
const ON_A_PHONE: Sizes = {
  '.result-word': '48px 700 55.2px',
  '.result-why': '20px 400 28px',
  '.result-next': '20px 700 28px',
  '.result-next .result-label': '15px 400 21px',
  '.result-subject': '18px 700 27px',
  '.result-subject .result-label': '15px 400 22.5px',
  '.result-acts .button': '18px 600 22.5px',
  '.result-more': '16px 400 24px',
};
const ON_A_DESK: Sizes = {
  ...ON_A_PHONE,
  '.result-word': '64px 700 73.6px',
  '.result-why': '24px 400 33.6px',
  '.result-next': '24px 700 33.6px',
  '.result-next .result-label': '17px 400 23.8px',
  '.result-subject .result-label': '17px 400 25.5px',
  '.result-more': '17px 400 25.5px',
};

/** A small phone, a phone, and a desk. */
const VIEWPORTS = [
  { width: 360, height: 640, icon: 90, button: 328, sizes: ON_A_PHONE },
  { width: 390, height: 844, icon: 112, button: 358, sizes: ON_A_PHONE },
  { width: 1280, height: 720, icon: 101, button: 688, sizes: ON_A_DESK },
] as const;
type Viewport = (typeof VIEWPORTS)[number];

/** What each tone looks like, and the decisions it may go with. Green goes with `admit` alone, and `admit` with green alone. */
const TONES: Readonly<Record<Tone, { icon: string; colours: string; decisions: readonly Decision[] }>> = {
  ok: { icon: 'passed', colours: 'rgb(11, 122, 67) / rgb(255, 255, 255)', decisions: ['admit'] },
  ask: { icon: 'attention', colours: 'rgb(255, 200, 61) / rgb(51, 36, 0)', decisions: ['hold'] },
  again: { icon: 'again', colours: 'rgb(43, 95, 143) / rgb(255, 255, 255)', decisions: ['refuse'] },
  stop: { icon: 'halt', colours: 'rgb(190, 36, 25) / rgb(255, 255, 255)', decisions: ['refuse'] },
  grey: { icon: 'question', colours: 'rgb(89, 98, 111) / rgb(255, 255, 255)', decisions: ['indeterminate'] },
};

const LEAST_BUTTON = 60;
const LEAST_TARGET = 44;
/** Three grounds for letting in, and a way back. */
const CHOICES = 4;

t.setTimeout(90_000);

/** One answer for each row of the ladder, and for each shipped kind, whose subjects are the longest; and some fuller than any. */
function allAnswers(): readonly Answer[] {
  const gate = createGate([record]);
  const met = LADDER_ROWS.map(({ code, gate, context }) => gate.verify(code, context));
  return [
    ...met,
    ...KINDS.all.map(({ name }) => gate.verify(encodeYm1(contentOf(name), signer))),
    ...met.filter(({ policy }) => policy !== null).map(crowded),
    overloadedAnswer(3),
  ];
}

/** A policy's rule of two sentences, and a name that does not end. */
function crowded(answer: Answer): Answer {
  const { text, credential } = answer;
  const twice = { 'zh-CN': text['zh-CN'].repeat(2), en: `${text.en}. ${text.en}` };
  const subject = credential?.subject?.map((claim) => ({ ...claim, value: '阿**·买**'.repeat(6) })) ?? null;
  return { ...answer, text: twice, credential: credential === null ? null : { ...credential, subject } };
}

t.test('every reason code has its screen', { skip: withoutChromium }, async (t) => {
  const answers = allAnswers();
  const reasons = new Set(answers.map(({ reason }) => reason));
  t.strictSame(
    REASON_CODES.filter((code) => !reasons.has(code)),
    [],
    'no reason code is left out',
  );
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const screens = await openAnswerScreens(browser);
  const shown = LANGUAGES.flatMap((language) => answers.map((answer) => ({ answer, language })));
  const names = Object.values(TONES).map(({ icon }) => icon);
  const pictures = new Map((await screens.icons(names)).map((picture, i) => [picture, names[i] ?? '']));
  t.equal(pictures.size, names.length, 'no two tones have one picture');
  for (const viewport of VIEWPORTS) {
    await screens.page.setViewportSize(viewport);
    await t.test(`at ${viewport.width} pixels`, async (t) => {
      const found = await screens.look(shown, Object.keys(viewport.sizes));
      for (const [each, looks] of found) judgeLooks(t, each, looks, pictures, viewport);
      await judgeInside(t, shown, screens);
    });
  }
});

function judgeLooks(
  t: Test,
  { answer, language }: Shown,
  looks: Looks,
  pictures: ReadonlyMap<string, string>,
  { icon, button, sizes }: Viewport,
): void {
  const { reason, decision, tone, credential } = answer;
  const expected = TONES[tone];
  const mayName = decision === 'admit' || decision === 'hold';
  const found = {
    ...looks,
    icon: pictures.get(looks.icon),
    isOfDecision: expected.decisions.includes(decision),
    subject: looks.subject.length,
    small: tooSmall(looks.targets),
    words: untranslated(language, looks.words),
  };
  const { targets: _targets, ...judged } = found;
  t.strictSame(
    judged,
    {
      word: DECISION_WORDS[decision][language],
      why: answer.text[language],
      next: answer.next[language],
      icon: expected.icon,
      colours: expected.colours,
      isOfDecision: true,
      subject: mayName ? (credential?.subject ?? []).length : 0,
      sizes: Object.fromEntries(Object.keys(looks.sizes).map((selector) => [selector, [sizes[selector]]])),
      iconSide: icon,
      buttonWidth: button,
      small: [],
      misfits: [],
      below: [],
      words: [],
    },
    `${reason} ${language}`,
  );
}

/** The last control only tells more; all others decide something, perhaps with a glove on. */
function tooSmall(targets: Looks['targets']): Looks['targets'] {
  return targets.filter(
    ({ width, height }, i) =>
      Math.min(width, height) < LEAST_TARGET || (i < targets.length - 1 && height < LEAST_BUTTON),
  );
}

/** What has no other name in Chinese. */
const NAMES = /\bID\b/g;

function untranslated(language: keyof Text, words: readonly string[]): readonly string[] {
  const foreign = language === 'en' ? /[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]/ : /[A-Za-z]/;
  return words.filter((word) => word.includes('…') || foreign.test(word.replace(NAMES, '')));
}

/** Opened, the screen says each check, and for `hold` asks why to let in all the same. */
async function judgeInside(t: Test, shown: readonly Shown[], screens: AnswerScreens): Promise<void> {
  const found = await screens.lookInside(shown);
  for (const [{ answer, language }, { checks, choices, misfits, targets, words }] of found) {
    t.strictSame(
      {
        choices,
        misfits,
        isWhole: checks >= RUNGS.length,
        small: tooSmall(targets),
        words: untranslated(language, words),
      },
      { choices: answer.decision === 'hold' ? CHOICES : 0, misfits: [], isWhole: true, small: [], words: [] },
      `${answer.reason} ${language}, opened`,
    );
  }
}
