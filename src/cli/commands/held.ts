// `yima held`: requests to issue that wait for a second person. What an officer sees here is hashed here, and held against what the
// proposal says that its signature is about.

import type { Static } from 'typebox';
import { sha256Hex } from '../../adapters/crypto-node.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { HeldState } from '../../core/issue/held-issues.js';
import type { CredentialView } from '../../http/schemas/credential.js';
import type { heldSchema } from '../../http/schemas/held-issue.js';
import { API_KEY, asWhom } from '../api-key-file.js';
import { askNode, withNode } from '../ask-node.js';
import { command } from '../command.js';
import { codeLines, credentialFacts } from '../credential-text.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../language.js';
import { ONLY, printOnly } from '../only.js';
import { print } from '../show.js';
import type { Terminal } from '../terminal.js';

export type HeldView = Static<typeof heldSchema>;

const STATES: Readonly<Record<HeldState, Text>> = {
  open: { 'zh-CN': '待另一人核准', en: 'waits for a second person' },
  approved: { 'zh-CN': '已核准，可领取', en: 'approved, to be fetched' },
  rejected: { 'zh-CN': '未获核准', en: 'rejected' },
  expired: { 'zh-CN': '已过期', en: 'expired' },
  issued: { 'zh-CN': '已签发', en: 'issued' },
};
const NEXT: Text = {
  'zh-CN': '审批人员核准后用 yima held fetch 领取。',
  en: 'Once an officer has approved it, get it with yima held fetch.',
};

/** What an office is told whose request waits. */
export function heldText(held: HeldView, { language }: Terminal): string {
  const lines = [
    `${held.id}  ${STATES[held.state][language]}`,
    [held.kind, held.region, held.operator, held.evidence].map(printable).join('  '),
    ...(held.content === null ? [] : [printable(held.content)]),
    ...(held.state === 'open' ? [`${held.proposal}  ${NEXT[language]}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

export const HELD_SHOW = command({
  name: 'held show',
  summary: { 'zh-CN': '查看待核准的签发请求', en: 'Show a request that waits for a second person' },
  notes: {
    'zh-CN': '审批人员用自己的密钥（--api-key）查看将签发的内容，并与提案核对；核准用 yima officer sign。',
    en: 'An officer sees with his own key (--api-key) what would be signed, compared with the proposal; yima officer sign approves it.',
  },
  args: [{ name: 'ID' }],
  options: { 'api-key': API_KEY },
  examples: ['yima held show ID', 'yima held show ID --api-key officer.api-key'],
  run: async (call, terminal) => {
    const headers = await asWhom(call.options['api-key'], terminal);
    const isOfficer = call.options['api-key'] !== undefined;
    const held = await withNode(terminal, async (ask) => {
      const found = await ask<HeldView>({ method: 'GET', path: pathOf(call.args[0]), headers });
      if (found.content === null || !isOfficer) return found;
      const path = `/v1/proposals/${encodeURIComponent(found.proposal)}`;
      const { body } = await ask<{ readonly body: { readonly digest?: unknown } }>({
        method: 'GET',
        path,
        headers,
      });
      if (body.digest === sha256Hex(found.content)) return found;
      throw new YimaError(
        'conflict',
        'The proposal is about something else than this. Sign nothing; tell somebody.',
      );
    });
    print(call, terminal, held, () => heldText(held, terminal));
    return EXIT.ok;
  },
});

export const HELD_FETCH = command({
  name: 'held fetch',
  summary: { 'zh-CN': '领取已核准的证码', en: 'Get the credential of a request that was approved' },
  args: [{ name: 'ID' }],
  options: { only: ONLY, 'api-key': API_KEY },
  examples: ['yima held fetch ID', 'yima held fetch ID --only code'],
  run: async (call, terminal) => {
    const view = await askNode<CredentialView>(terminal, {
      method: 'POST',
      path: `${pathOf(call.args[0])}/credential`,
      headers: await asWhom(call.options['api-key'], terminal),
    });
    if (call.options.only !== undefined) printOnly(call.options.only, view, terminal);
    else
      print(call, terminal, view, () => `${credentialFacts(view, terminal)}\n${codeLines(view, terminal)}`);
    return EXIT.ok;
  },
});

function pathOf(id = ''): string {
  return `/v1/held-issues/${encodeURIComponent(id)}`;
}
