// `yima print`: a paper code as a document on standard output, to be opened and printed by any browser.

import { loadConfig } from '../../config.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { CredentialView } from '../../http/schemas/credential.js';
import { createAsk, readAnswer } from '../ask-node.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const PRINT = command({
  name: 'print',
  summary: { 'zh-CN': '输出纸质码的打印页（HTML）', en: 'Write a paper code as a page to print (HTML)' },
  notes: {
    'zh-CN': '打印最新的、未挂失的纸质码。用浏览器打开，按 100 % 比例打印，也可存为 PDF。默认卡片。',
    en: 'The newest paper code that was not reported lost. Open it in a browser and print at 100 %, into a PDF too. A card when nothing is said.',
  },
  args: [{ name: 'ID' }],
  options: {
    card: {
      type: 'boolean',
      description: { 'zh-CN': '卡片，85.6 x 54 毫米', en: 'A card, 85.6 x 54 mm' },
    },
    a4: { type: 'boolean', description: { 'zh-CN': 'A4 大字版', en: 'A4 with large type' } },
  },
  examples: ['yima print ID > card.html', 'yima print ID --a4 > page.html'],
  run: async (call, terminal) => {
    const { card, a4 } = call.options;
    if (call.json || (card && a4))
      throw new YimaError(
        'invalid_request',
        'It writes one page of HTML; choose --card or --a4, without --json.',
      );
    const client = await terminal.connect(loadConfig(terminal.env));
    try {
      const path = `/v1/credentials/${encodeURIComponent(call.args[0] ?? '')}`;
      const n = newestPaper(await createAsk(client)<CredentialView>({ method: 'GET', path }));
      const sheet = `${path}/encodings/${n}/${a4 ? 'a4' : 'card'}.html`;
      terminal.out(readAnswer(await client.request({ method: 'GET', path: sheet })));
    } finally {
      await client.close();
    }
    return EXIT.ok;
  },
});

/** @throws YimaError `not_found` */
function newestPaper({ encodings }: CredentialView): number {
  const found = encodings.findLast(({ form, revokedAlone }) => form === 'paper' && !revokedAlone);
  if (found !== undefined) return found.number;
  throw new YimaError('not_found', 'This credential has no live paper code; issue one with form paper.');
}
