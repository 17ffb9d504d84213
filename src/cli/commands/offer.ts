// `yima offer`: a credential for the phone of its holder, as a link or symbol, and a transaction code for the person alone.

import { qrMatrix, renderTerminal } from '../../adapters/qr.js';
import type { Text } from '../../core/errors/reasons.js';
import { askNode } from '../ask-node.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { facts, instant, print } from '../show.js';

const LABELS = {
  link: { 'zh-CN': '领取链接', en: 'Link' },
  txCode: { 'zh-CN': '验证码（另行告知本人）', en: 'Code (for the person alone, told another way)' },
  until: { 'zh-CN': '有效期至', en: 'Open until' },
} as const satisfies Record<string, Text>;

interface MadeOffer {
  readonly id: string;
  readonly offerUri: string;
  readonly walletUrl: string;
  readonly txCode: string;
  readonly expiresAt: number;
}

export const OFFER = command({
  name: 'offer',
  summary: { 'zh-CN': '让持证人把证照领到手机上', en: 'Offer a credential to the phone of its holder' },
  notes: {
    'zh-CN': '验证码输错五次，本次领取即作废。领到新手机后，旧手机上的码失效，除非加 --keep-devices。',
    en: 'Five wrong codes and the offer is dead. Claimed on a new phone, it ends on the old one, unless --keep-devices is given.',
  },
  args: [{ name: 'ID' }],
  options: {
    'keep-devices': {
      type: 'boolean',
      description: { 'zh-CN': '保留已有手机上的码', en: 'Phones that it is on already stay' },
    },
    qr: {
      type: 'boolean',
      description: { 'zh-CN': '在终端画出二维码', en: 'Draw the link in the terminal' },
    },
  },
  examples: ['yima offer ID --qr', 'yima offer ID --keep-devices --json'],
  run: async (call, terminal) => {
    const [id = ''] = call.args;
    const { qr, 'keep-devices': keepDevices } = call.options;
    const made = await askNode<MadeOffer>(terminal, {
      method: 'POST',
      path: `/v1/credentials/${encodeURIComponent(id)}/offers`,
      body: keepDevices ? { keepDevices } : {},
    });
    print(call, terminal, made, () => {
      const { language, colour } = terminal;
      const rows = [
        [LABELS.link, made.walletUrl],
        [LABELS.txCode, made.txCode],
        [LABELS.until, instant(made.expiresAt, terminal)],
      ] as const;
      const drawn = qr ? `\n${renderTerminal(qrMatrix(made.walletUrl), colour ? 'colour' : 'dark')}` : '';
      return `${facts(rows, { language })}${drawn}`;
    });
    return EXIT.ok;
  },
});
