// `yima verify`: the whole ladder on one code, and an exit code that a script or a turnstile can act on.

import { DECISION_WORDS, type Text, type Tone } from '../../core/errors/reasons.js';
import type { Answer, AnswerCredential } from '../../core/verify/answer.js';
import type { Recognition } from '../../core/verify/recognition.js';
import { askNode } from '../ask-node.js';
import { command } from '../command.js';
import { answerExit } from '../exit-codes.js';
import { printable } from '../language.js';
import { readCode } from '../read-code.js';
import { type Fact, facts, instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';

/** One more than a symbol holds: any longer text gets the same answer. */
const MOST_CHARS = 4_297;

const TONE_COLOURS: Readonly<Record<Tone, number>> = { ok: 32, ask: 33, again: 36, stop: 31, grey: 90 };
const RESULT_MARKS = { pass: '+', fail: 'x', not_reached: '.', not_applicable: '-' } as const;

const LABELS = {
  next: { 'zh-CN': '下一步', en: 'Next' },
  kind: { 'zh-CN': '种类', en: 'Kind' },
  issuer: { 'zh-CN': '签发机构', en: 'Issuer' },
  issued: { 'zh-CN': '签发时间', en: 'Issued' },
  until: { 'zh-CN': '有效期至', en: 'Valid until' },
  status: { 'zh-CN': '状态', en: 'Status' },
  checks: { 'zh-CN': '核验步骤', en: 'Checks' },
  age: { 'zh-CN': '状态数据', en: 'Status data' },
  assurance: { 'zh-CN': '保证程度', en: 'Assurance' },
  replay: { 'zh-CN': '重复出示', en: 'Shown elsewhere' },
  recognition: { 'zh-CN': '互认方式', en: 'Recognised as' },
  policy: { 'zh-CN': '规定', en: 'Policy' },
} as const satisfies Record<string, Text>;

const RECOGNITION_WORDS: Readonly<Record<Recognition, Text>> = {
  local: { 'zh-CN': '本省码', en: 'a code of this province' },
  direct: { 'zh-CN': '外省码，直接识读', en: 'another province’s code, read as it is' },
  hub: { 'zh-CN': '国家码', en: 'a national code' },
  translated: { 'zh-CN': '外省码，经国家平台转换', en: 'a national code in place of another’s' },
};

const ASSURANCE_WORDS: Readonly<Record<NonNullable<Answer['assurance']>, Text>> = {
  'device-signed': { 'zh-CN': '本人手机实时签名', en: 'signed live by the holder’s phone' },
  static: { 'zh-CN': '静态码，可能被复制', en: 'a code that can be copied' },
  foreign: { 'zh-CN': '其他格式', en: 'another format' },
};

const REPLAY_WORDS: Readonly<Record<Answer['replay'], Text | null>> = {
  local: { 'zh-CN': '仅本节点查过', en: 'looked for at this node alone' },
  shared: { 'zh-CN': '各节点均查过', en: 'looked for at all nodes' },
  not_applicable: null,
};

export const VERIFY = command({
  name: 'verify',
  summary: { 'zh-CN': '核验一个码，给出结论和下一步', en: 'Judge a code and say what to do' },
  notes: {
    'zh-CN':
      '退出码：0 放行；2 不是本系统的码、损坏、签名不符或内容违规；3 已作废、暂停、按规定拒绝或非持有人手机；4 过期、未生效或动态码超时；5 签发机构或密钥不可信；6 无法判断；7 待核；1 用法错误；70 内部错误；75 稍后再试。',
    en: 'Exit codes: 0 admit; 2 not one of ours, damaged, bad signature, invalid claims; 3 revoked, suspended, refused by policy, not the holder’s phone; 4 expired, not yet valid, live code too old; 5 issuer or key not trusted; 6 cannot tell; 7 hold; 1 wrong call; 70 internal; 75 busy, try again.',
  },
  args: [{ name: 'CODE|-|@FILE' }],
  options: {
    site: {
      type: 'string',
      value: 'NAME',
      description: {
        'zh-CN': '检查点名称：动态码刚在别的检查点用过时待核',
        en: 'The checkpoint: a live code that another one has just scanned is held',
      },
    },
  },
  examples: [
    "yima verify 'YM1:...'",
    "yima verify 'YM2:...' --site 'east gate'",
    'yima verify @code.txt --json',
    'zbarimg --raw -q photo.png | yima verify -',
  ],
  run: async (call, terminal) => {
    const code = await readCode(call.args[0] ?? '', terminal);
    const { site } = call.options;
    const body = { code: code.slice(0, MOST_CHARS), ...(site === undefined ? {} : { site }) };
    const answer = await askNode<Answer>(terminal, { method: 'POST', path: '/v1/verify', body });
    print(call, terminal, answer, () => describe(answer, terminal));
    return answerExit(answer);
  },
});

function describe(answer: Answer, terminal: Terminal): string {
  const { language, colour } = terminal;
  const verdict = `${DECISION_WORDS[answer.decision][language]}: ${printable(answer.text[language])}  (${answer.reason})`;
  const headline = colour ? `\u001b[1;${TONE_COLOURS[answer.tone]}m${verdict}\u001b[0m` : verdict;
  const { credential, checks, policy, recognition, assurance, replay } = answer;
  const rows: Fact[] = [
    [LABELS.next, answer.next[language]],
    ...(credential === null ? [] : credentialFacts(credential, terminal)),
    [LABELS.checks, checks.map(({ rung, result }) => `${RESULT_MARKS[result]}${rung}`).join(' ')],
    [LABELS.age, answer.statusAgeSeconds === null ? null : `${answer.statusAgeSeconds} s`],
    [LABELS.assurance, assurance === null ? null : ASSURANCE_WORDS[assurance][language]],
    [LABELS.replay, REPLAY_WORDS[replay]?.[language] ?? null],
    [LABELS.recognition, recognition === null ? null : RECOGNITION_WORDS[recognition][language]],
    [LABELS.policy, policy === null ? null : [policy.id, policy.version, policy.rule ?? ''].join(' ').trim()],
  ];
  return `${headline}\n${facts(rows, terminal)}`;
}

function credentialFacts(credential: AnswerCredential, terminal: Terminal): readonly Fact[] {
  const { language } = terminal;
  return [
    [LABELS.kind, credential.kindTitle?.[language] ?? credential.kind],
    [LABELS.issuer, credential.issuer],
    [LABELS.issued, credential.issuedAt === null ? null : instant(credential.issuedAt, terminal)],
    [LABELS.until, instant(credential.expiresAt, terminal)],
    [LABELS.status, credential.status?.text[language] ?? null],
    ...(credential.subject ?? []).map(({ label, value, text }): Fact => [label, text?.[language] ?? value]),
  ];
}
