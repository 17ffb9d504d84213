// The words that all pages share, in Chinese; each page has its own beside them. The keys of such a table are the type that other
// languages must fill. `{name}` marks a parameter. Decisions and reasons are not here: they come from core/errors/reasons.

export const zhCn = {
  'page.title': '一码 Yima',
  'language.label': '语言',

  'check.envelope': '码的格式',
  'check.key': '签发密钥',
  'check.signature': '数字签名',
  'check.time': '有效时间',
  'check.claims': '内容合规',
  'check.status': '当前状态',
  'check.holder': '持码设备',
  'check.policy': '放行规定',
  'result.pass': '通过',
  'result.refuse': '未通过',
  'result.hold': '须核验',
  'result.indeterminate': '无法判断',
  'result.not_reached': '未检查',
  'result.not_applicable': '不适用',

  'age.now': '刚刚更新',
  'age.seconds': '{n} 秒前',
  'age.minutes': '{n} 分钟前',
  'age.hours': '{n} 小时前',
  'age.days': '{n} 天前',
  'left.minutes': '{n} 分钟',
  'left.hours': '{h} 小时 {m} 分钟',
  'left.days': '{d} 天 {h} 小时',
} as const;

export type WordKey = keyof typeof zhCn;
/** One language's table: every key, each a sentence or word. */
export type Words = Readonly<Record<WordKey, string>>;
