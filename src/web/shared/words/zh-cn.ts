// The words that all pages share, in Chinese; each page has its own beside them. The keys of such a table are the type that other
// languages must fill. `{name}` marks a parameter. Decisions and reasons are not here: they come from core/errors/reasons.

export const zhCn = {
  'page.title': '一码 Yima',
  'language.label': '语言',

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
