// Reason codes: permanent, each with its decision, tone and sentences. The single source for API, CLI, pages and docs.

/** What the gate does. A green screen, exit code 0 and a turnstile go with `admit` and nothing else. */
export type Decision = 'admit' | 'hold' | 'refuse' | 'indeterminate';

/** How a screen says it: green, yellow, neutral (the holder can mend it at once), red, grey (nobody's fault). */
export type Tone = 'ok' | 'ask' | 'again' | 'stop' | 'grey';

/** The languages that every sentence shown to a person exists in. */
export interface Text {
  readonly 'zh-CN': string;
  readonly en: string;
}

export interface Reason {
  readonly decision: Decision;
  readonly tone: Tone;
  /** What happened; `{name}` marks a parameter that `fillText` puts in. */
  readonly text: Text;
  /** The checkpoint's next step. */
  readonly next: Text;
}

export const DECISION_WORDS: Readonly<Record<Decision, Text>> = {
  admit: { 'zh-CN': '放行', en: 'Admit' },
  hold: { 'zh-CN': '待核', en: 'Check' },
  refuse: { 'zh-CN': '不予放行', en: 'Do not admit' },
  indeterminate: { 'zh-CN': '无法判断', en: 'Cannot tell' },
};

export const REASONS = {
  ok: {
    decision: 'admit',
    tone: 'ok',
    text: { 'zh-CN': '有效，可放行', en: 'Valid' },
    next: { 'zh-CN': '核对姓名与证件后放行', en: 'Match the name with the ID, let pass' },
  },
  not_ours: {
    decision: 'refuse',
    tone: 'again',
    text: { 'zh-CN': '这不是本系统的码', en: 'Not one of our codes' },
    next: { 'zh-CN': '请出示健康码或电子证照', en: 'Ask for the health code or licence' },
  },
  unsupported: {
    decision: 'indeterminate',
    tone: 'grey',
    text: { 'zh-CN': '已识别此类码，本机暂不支持核验', en: 'Known format, not readable here' },
    next: { 'zh-CN': '改用证件，人工核验', en: 'Check the ID by hand' },
  },
  damaged: {
    decision: 'refuse',
    tone: 'again',
    text: { 'zh-CN': '码不完整，读不出来', en: 'Code incomplete' },
    next: {
      'zh-CN': '调亮屏幕或展平纸张重扫，或输入短号',
      en: 'Brighten or flatten, rescan, or type the short id',
    },
  },
  issuer_unknown: {
    decision: 'refuse',
    tone: 'stop',
    text: {
      'zh-CN': '签发机构不在信任名单内（名单更新于{t}）',
      en: 'Issuer not in the trust list (updated {t})',
    },
    next: { 'zh-CN': '更新名单重扫，仍不行则人工核验', en: 'Update the list, rescan, else check by hand' },
  },
  issuer_out_of_scope: {
    decision: 'refuse',
    tone: 'stop',
    text: { 'zh-CN': '签发机构无权签发这类证照', en: 'Issuer may not sign this kind or region' },
    next: { 'zh-CN': '不要采信，人工核验并上报', en: 'Do not rely on it; check by hand, report' },
  },
  key_retired: {
    decision: 'refuse',
    tone: 'again',
    text: { 'zh-CN': '签发时密钥已停用，请换领', en: "Signed outside its key's time" },
    next: { 'zh-CN': '请重新领取后再扫', en: 'Claim a new code, rescan' },
  },
  key_revoked: {
    decision: 'refuse',
    tone: 'stop',
    text: { 'zh-CN': '签发密钥已作废，此码须换领', en: 'Signing key withdrawn; reissue' },
    next: { 'zh-CN': '先凭证件核验，再重新领取', en: 'Check the ID; have it reissued' },
  },
  bad_signature: {
    decision: 'refuse',
    tone: 'stop',
    text: { 'zh-CN': '签名不符，此码不可信', en: 'Signature does not match' },
    next: { 'zh-CN': '暂不放行，请负责人处理', en: 'Stop, call the supervisor' },
  },
  expired: {
    decision: 'refuse',
    tone: 'again',
    text: { 'zh-CN': '已过期（{exp} 到期，现在 {now}）', en: 'Expired ({exp}; now {now})' },
    next: { 'zh-CN': '刷新或换领后重扫', en: 'Refresh or renew, rescan' },
  },
  not_yet_valid: {
    decision: 'refuse',
    tone: 'again',
    text: { 'zh-CN': '{nbf} 起才有效（现在 {now}）', en: 'Valid from {nbf} (now {now})' },
    next: { 'zh-CN': '先核对本机时间，届时再来', en: 'Check this clock; come back then' },
  },
  invalid_claims: {
    decision: 'refuse',
    tone: 'stop',
    text: { 'zh-CN': '码内信息不符合规定', en: "Contents break the kind's rules" },
    next: { 'zh-CN': '人工核验，并通知签发机构', en: 'Check by hand, tell the issuer' },
  },
  revoked: {
    decision: 'refuse',
    tone: 'stop',
    text: { 'zh-CN': '此码已作废', en: 'Revoked' },
    next: { 'zh-CN': '不予放行，请向签发机构查询或申诉', en: 'Do not admit; issuer explains, takes appeals' },
  },
  suspended: {
    decision: 'refuse',
    tone: 'stop',
    text: { 'zh-CN': '此码已暂停使用', en: 'Suspended' },
    next: { 'zh-CN': '不予放行，请联系签发机构恢复', en: 'Do not admit; the issuer can lift it' },
  },
  held_by_policy: {
    decision: 'hold',
    tone: 'ask',
    text: { 'zh-CN': '需进一步核验：{rule}', en: 'Needs a check: {rule}' },
    next: { 'zh-CN': '按提示核验，登记结果', en: 'Do that check, record the result' },
  },
  refused_by_policy: {
    decision: 'refuse',
    tone: 'stop',
    text: { 'zh-CN': '按{region}规定不予放行：{rule}', en: "Refused by {region}'s rule: {rule}" },
    next: { 'zh-CN': '说明理由和申诉办法，引至人工通道', en: 'Give reason and appeal; staffed lane' },
  },
  no_policy: {
    decision: 'hold',
    tone: 'ask',
    text: { 'zh-CN': '本地对这类码尚无规定', en: 'No local rule for this kind' },
    next: { 'zh-CN': '人工核验，请管理员补充规定', en: 'Check by hand; ask for a rule' },
  },
  presentation_expired: {
    decision: 'refuse',
    tone: 'again',
    text: { 'zh-CN': '动态码已超时，可能是截图', en: 'Live code too old, maybe a picture' },
    next: { 'zh-CN': '请打开卡包，出示实时码', en: 'Ask for the live code in the wallet' },
  },
  replayed: {
    decision: 'hold',
    tone: 'ask',
    text: { 'zh-CN': '此动态码刚在别处用过', en: 'Live code just used elsewhere' },
    next: { 'zh-CN': '刷新重扫，并核对证件', en: 'Refresh, rescan, compare the ID' },
  },
  holder_mismatch: {
    decision: 'refuse',
    tone: 'stop',
    text: { 'zh-CN': '出示的手机与绑定的不符', en: 'Not from the phone it is bound to' },
    next: { 'zh-CN': '请用领取时的手机，并核对证件', en: 'Use the phone that claimed it; check the ID' },
  },
  status_unknown: {
    decision: 'indeterminate',
    tone: 'grey',
    text: { 'zh-CN': '查不到此码的状态', en: 'Its status cannot be found' },
    next: { 'zh-CN': '联网更新重扫，不行则人工核验', en: 'Update, rescan, else by hand' },
  },
  status_stale: {
    decision: 'indeterminate',
    tone: 'grey',
    text: { 'zh-CN': '状态数据已旧（{age}前），无法判断', en: 'Status data too old ({age})' },
    next: { 'zh-CN': '联网更新后重扫', en: 'Connect, update, rescan' },
  },
  trust_stale: {
    decision: 'indeterminate',
    tone: 'grey',
    text: { 'zh-CN': '信任名单已旧（{age}前），无法判断', en: 'Trust list too old ({age})' },
    next: { 'zh-CN': '联网更新后重扫', en: 'Connect, update, rescan' },
  },
  clock_untrusted: {
    decision: 'indeterminate',
    tone: 'grey',
    text: { 'zh-CN': '本机时间不准（约差{n}分钟）', en: 'Clock off by about {n} min' },
    next: { 'zh-CN': '校准时间后重扫', en: 'Set the clock, rescan' },
  },
  overloaded: {
    decision: 'indeterminate',
    tone: 'grey',
    text: { 'zh-CN': '系统繁忙，尚未判断', en: 'Busy, not judged yet' },
    next: { 'zh-CN': '{s}秒后重扫，或用离线核验', en: 'Rescan in {s} s, or verify offline' },
  },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof REASONS;

export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(REASONS, code);
}

/** Puts `params` into the `{name}` marks of both languages; an unknown mark becomes an ellipsis. */
export function fillText(text: Text, params: Readonly<Record<string, string>>): Text {
  const fill = (sentence: string): string =>
    sentence.includes('{')
      ? sentence.replace(/\{([a-z]+)\}/g, (_mark, name: string) =>
          Object.hasOwn(params, name) ? (params[name] ?? '…') : '…',
        )
      : sentence;
  return { 'zh-CN': fill(text['zh-CN']), en: fill(text.en) };
}
