// `yima sites`: checkpoints whose page judges by itself. The code that enrols a device is shown once, as a symbol to scan.

import { qrMatrix, renderTerminal } from '../../adapters/qr.js';
import type { Text } from '../../core/errors/reasons.js';
import { askNode } from '../ask-node.js';
import { command, YES } from '../command.js';
import { confirm } from '../confirm.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';

interface Site {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly codeExpiresAt: number;
  readonly enrolledAt: number | null;
  readonly revokedAt: number | null;
}

const ENROLLED: Text = { 'zh-CN': '已登记', en: 'enrolled' };
const REVOKED: Text = { 'zh-CN': '已作废', en: 'revoked' };
const WAITS: Text = { 'zh-CN': '待登记', en: 'waits for its device' };
const ONCE: Text = {
  'zh-CN': '请在检查点的手机或平板上扫描此码，或打开链接、输入登记码。一小时内有效，只能用一次。',
  en: 'Scan this with the checkpoint’s phone or tablet, or open the link, or type the code. Good for one device within an hour.',
};

function grouped(code: string): string {
  return code.match(/.{4}/g)?.join('-') ?? code;
}

export const SITES_ENROL = command({
  name: 'sites enrol',
  summary: { 'zh-CN': '新建检查点，得到登记码', en: 'Make a checkpoint and the code that enrols its device' },
  notes: {
    'zh-CN': '检查点的设备用自己的密钥，只能在线核验和取状态名单。',
    en: 'Its device keeps a key of its own, and may verify online and fetch status lists, nothing else.',
  },
  args: [{ name: 'NAME' }],
  options: {
    region: {
      type: 'string',
      value: 'PREFIX',
      description: {
        'zh-CN': '按哪个地区的规定判定，默认本节点',
        en: "Region whose rules hold there; this node's own when absent",
      },
    },
  },
  examples: ["yima sites enrol 'East gate'", 'yima sites enrol gate-3 --region 330102'],
  run: async (call, terminal) => {
    const { region } = call.options;
    const made = await askNode<Site & { readonly code: string; readonly link: string }>(terminal, {
      method: 'POST',
      path: '/v1/sites',
      body: { name: call.args[0] ?? '', ...(region === undefined ? {} : { region }) },
    });
    print(call, terminal, made, () => columns([[made.link, grouped(made.code)]]));
    terminal.talk(`${renderTerminal(qrMatrix(made.link))}${ONCE[terminal.language]}\n`);
    return EXIT.ok;
  },
});

export const SITES_LIST = command({
  name: 'sites list',
  summary: { 'zh-CN': '列出检查点', en: 'List the checkpoints' },
  args: [],
  options: {},
  examples: ['yima sites list', 'yima sites list --json'],
  run: async (call, terminal) => {
    const answer = await askNode<{ sites: readonly Site[] }>(terminal, { method: 'GET', path: '/v1/sites' });
    print(call, terminal, answer, () =>
      columns(
        answer.sites.map((site) => [site.id, site.region, state(site, terminal), printable(site.name)]),
      ),
    );
    return EXIT.ok;
  },
});

export const SITES_REVOKE = command({
  name: 'sites revoke',
  summary: { 'zh-CN': '作废一个检查点', en: 'Revoke a checkpoint' },
  notes: {
    'zh-CN': '其设备下次联网时清除名单并停止核验。',
    en: 'Its device forgets what it knows, and judges no more, the next time it is online.',
  },
  args: [{ name: 'ID' }],
  options: { yes: YES },
  examples: ['yima sites revoke aaaaaaaaaaaaaaaa --yes'],
  run: async (call, terminal) => {
    const id = call.args[0] ?? '';
    const what = {
      'zh-CN': `将作废 1 个检查点：${printable(id)}，不可恢复。`,
      en: `This revokes 1 checkpoint for good: ${printable(id)}.`,
    };
    await confirm(terminal, what, call.options.yes);
    const site = await askNode<Site>(terminal, {
      method: 'DELETE',
      path: `/v1/sites/${encodeURIComponent(id)}`,
    });
    print(call, terminal, site, () => columns([[site.id, state(site, terminal), printable(site.name)]]));
    return EXIT.ok;
  },
});

function state({ enrolledAt, revokedAt, codeExpiresAt }: Site, terminal: Terminal): string {
  const { language } = terminal;
  if (revokedAt !== null) return `${REVOKED[language]} ${instant(revokedAt, terminal)}`;
  if (enrolledAt !== null) return `${ENROLLED[language]} ${instant(enrolledAt, terminal)}`;
  return `${WAITS[language]} ${instant(codeExpiresAt, terminal)}`;
}
