// `yima keys reissue`: everything good that one key signed, signed anew. It is counted first, which changes nothing, and goes on a step
// at a time, so that whoever was stopped runs it again.

import type { Text } from '../../core/errors/reasons.js';
import type { Reissued } from '../../core/issue/commands.js';
import { mergeGroups } from '../../core/issue/scope-count.js';
import { type Ask, withNode } from '../ask-node.js';
import { command, YES } from '../command.js';
import { confirm } from '../confirm.js';
import { EXIT } from '../exit-codes.js';
import { columns } from '../language.js';
import { facts, print } from '../show.js';
import type { Terminal } from '../terminal.js';

type Total = Omit<Reissued, 'next'>;

/** So often at most it is told how far it is: each 20th part. */
const TOLD = 20;

const WOULD: Text = { 'zh-CN': '将重新签发', en: 'Would be signed anew' };
const DONE: Text = { 'zh-CN': '已重新签发', en: 'Signed anew' };
const SKIPPED: Text = { 'zh-CN': '已作废、过期或演示用', en: 'Revoked, expired or of the demo' };

export const KEYS_REISSUE = command({
  name: 'keys reissue',
  summary: {
    'zh-CN': '用当前密钥重新签发某密钥签过的全部有效凭证',
    en: 'Sign anew, with the present key, everything good that a key signed',
  },
  notes: {
    'zh-CN':
      '旧凭证随即吊销；新编号见 yima record 旧编号，变更记录与申诉随之延续。中断后再次执行即可继续。--dry-run 按种类和地区列出数量，不作任何改动。',
    en: 'The old ones are revoked; yima record OLD tells the new id, under which changes and appeals go on. When it was stopped, run it again. --dry-run counts by kind and region and changes nothing.',
  },
  args: [{ name: 'KID' }],
  options: {
    'dry-run': {
      type: 'boolean',
      description: { 'zh-CN': '只计数，不作改动', en: 'Count, and change nothing' },
    },
    yes: YES,
  },
  examples: [
    'yima keys reissue AAAAAAAAAAA --dry-run',
    'yima keys reissue AAAAAAAAAAA --yes',
    'yima keys reissue AAAAAAAAAAA --yes --json',
  ],
  run: async (call, terminal) => {
    const kid = call.args[0] ?? '';
    const { 'dry-run': dryRun, yes } = call.options;
    const total = await withNode(terminal, async (ask) => {
      const found = await takeAll(ask, kid, true);
      if (dryRun) return found;
      await confirm(terminal, question(kid, found.reissued), yes);
      return takeAll(ask, kid, false, progress(found.reissued, terminal));
    });
    print(call, terminal, total, () => describe(dryRun ? WOULD : DONE, total, terminal));
    return EXIT.ok;
  },
});

/** @param told hears after each step how many are done */
async function takeAll(
  ask: Ask,
  kid: string,
  dryRun: boolean,
  told: (done: number) => void = () => undefined,
): Promise<Total> {
  const path = `/v1/keys/${encodeURIComponent(kid)}/reissue`;
  let total: Total = { reissued: 0, skipped: 0, groups: [] };
  for (let after: string | null = ''; after !== null; ) {
    const body = { ...(after === '' ? {} : { after }), ...(dryRun ? { dryRun } : {}) };
    const step: Reissued = await ask<Reissued>({ method: 'POST', path, body });
    total = {
      reissued: total.reissued + step.reissued,
      skipped: total.skipped + step.skipped,
      groups: mergeGroups([...total.groups, ...step.groups]),
    };
    told(total.reissued);
    after = step.next;
  }
  return total;
}

/** Tells on standard error how many of those that were counted are done. */
function progress(count: number, { talk, language }: Terminal): (done: number) => void {
  const piece = Math.max(1, Math.ceil(count / TOLD));
  let last = 0;
  return (done) => {
    if (done - last < piece && (done < count || done === last)) return;
    last = done;
    talk(`${DONE[language]} ${done} / ${count}\n`);
  };
}

function describe(what: Text, { reissued, skipped, groups }: Total, terminal: Terminal): string {
  const sums = facts(
    [
      [what, reissued],
      [SKIPPED, skipped],
    ],
    terminal,
  );
  return sums + columns(groups.map(({ kind, region, count }) => ['', kind, region, String(count)]));
}

function question(kid: string, count: number): Text {
  return {
    'zh-CN': `将重新签发密钥 ${kid} 签过的 ${count} 张有效凭证，并吊销旧凭证；持有人须取得新码。`,
    en: `This signs anew ${count} credential(s) that key ${kid} signed, and revokes the old ones; holders need their new codes.`,
  };
}
