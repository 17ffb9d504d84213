// `yima trust calendar`: what ends when, so that nobody finds out at a turnstile.

import type { Text } from '../../core/errors/reasons.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { type Ending, endings } from '../trust/calendar.js';
import { inGroups } from '../trust/fingerprint.js';
import { readHeld } from '../trust/held.js';
import { wholeNumber } from '../whole-number.js';

const DAY_SECONDS = 86_400;
const WHAT: Readonly<Record<Ending['what'], Text>> = {
  root: { 'zh-CN': '根文件', en: 'root' },
  list: { 'zh-CN': '列表', en: 'list' },
  key: { 'zh-CN': '密钥', en: 'key' },
};
const OVER: Text = { 'zh-CN': '已过期', en: 'over' };
const SOON: Text = { 'zh-CN': '将到期', en: 'soon' };

export const TRUST_CALENDAR = command({
  name: 'trust calendar',
  summary: {
    'zh-CN': '列出根文件、列表和密钥的到期时间，先到期者在前',
    en: 'List when root, lists and keys end, soonest first',
  },
  notes: {
    'zh-CN': '退出码 1：有内容已过期，或将在 --days 天内到期。',
    en: 'Exits 1 when something is over, or ends within --days.',
  },
  args: [],
  options: {
    from: {
      type: 'string',
      value: 'FILE|URL',
      description: {
        'zh-CN': '数据包或节点地址，缺省为本节点',
        en: 'A bundle, or the address of a node; the own node when absent',
      },
    },
    days: {
      type: 'string',
      value: 'N',
      description: { 'zh-CN': '提前天数，默认 30', en: 'How many days ahead to be warned, 30 when absent' },
    },
  },
  examples: [
    'yima trust calendar',
    'yima trust calendar --from bundle.yima --days 60',
    'yima trust calendar --json',
  ],
  run: async (call, terminal) => {
    const { network } = await readHeld(call.options.from, terminal);
    const now = terminal.now();
    const soon = now + wholeNumber('days', call.options.days ?? '30') * DAY_SECONDS;
    const rows = network === null ? [] : endings(network);
    print(call, terminal, rows, () => describe(rows, now, soon, terminal));
    return rows.some(({ at }) => at <= soon) ? EXIT.refused : EXIT.ok;
  },
});

function describe(rows: readonly Ending[], now: number, soon: number, terminal: Terminal): string {
  const { language } = terminal;
  const mark = (at: number): string => (at < now ? OVER[language] : at <= soon ? SOON[language] : '-');
  return columns(
    rows.map(({ at, what, authority, sub, use, thumbprint }) => [
      instant(at, terminal),
      mark(at),
      WHAT[what][language],
      printable(authority),
      thumbprint === null ? '' : printable(`${sub ?? '*'} (${use}) ${inGroups(thumbprint)}`),
    ]),
  );
}
