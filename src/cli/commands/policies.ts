// `yima policies`: which regional rules this node decides by, and what it would make of a file before it is put in place.

import { loadConfig } from '../../config.js';
import type { RegionalPolicy } from '../../core/credential/kind.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { loadPolicies, readPolicyFile } from '../../server/policies.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { print } from '../show.js';
import type { Terminal } from '../terminal.js';

const HERE: Text = { 'zh-CN': '适用本地', en: 'holds here' };
const ELSEWHERE: Text = { 'zh-CN': '适用他地', en: 'elsewhere' };
const ACCEPTED: Text = { 'zh-CN': '接受', en: 'accepted' };
const REFUSED: Text = { 'zh-CN': '拒绝', en: 'refused' };
const EVERYWHERE: Text = { 'zh-CN': '全部地区', en: 'every region' };
const NOTHING: Text = {
  'zh-CN': '没有规定文件，各种类按自带规定',
  en: 'There are no policy files; each kind’s own policy holds',
};

export const POLICIES_LIST = command({
  name: 'policies list',
  summary: { 'zh-CN': '列出规定文件夹中的规定', en: 'List the policies in the policy folder' },
  notes: {
    'zh-CN': '依次为：规定、版本、种类、核验地区、签发地区、起始日。没有规定时按种类自带规定。',
    en: 'Policy, version, kind, verifying region, issuing region, first day. Where none holds, the kind’s own policy does.',
  },
  args: [],
  options: {},
  examples: ['yima policies list', 'yima policies list --json'],
  run: async (call, terminal) => {
    const { policies, isHere } = loadPolicies(loadConfig(terminal.env));
    const rows = policies.map((policy) => ({ ...policy, here: isHere(policy) }));
    print(call, terminal, { policies: rows }, () =>
      rows.length === 0
        ? `${NOTHING[terminal.language]}\n`
        : columns(rows.map((row) => cells(row.here ? HERE : ELSEWHERE, row, terminal))),
    );
    return EXIT.ok;
  },
});

export const POLICIES_CHECK = command({
  name: 'policies check',
  summary: {
    'zh-CN': '检查一个规定文件，说明接受或拒绝的原因',
    en: 'Check a policy file: accepted or refused, and why',
  },
  notes: {
    'zh-CN': '退出码 1：文件被拒绝。不改动任何东西。文件之间的冲突见 yima policies list。',
    en: 'Exits 1 when the file is refused. Changes nothing. How the files go together: yima policies list.',
  },
  args: [{ name: 'FILE' }],
  options: {},
  examples: ['yima policies check zhejiang.json', 'yima policies check zhejiang.json --json'],
  run: async (call, terminal) => {
    const found = check(call.args[0] ?? '');
    if (found instanceof YimaError) {
      const { message, field = null, rule = null } = found;
      print(
        call,
        terminal,
        { accepted: null, refused: { field, rule, message } },
        () => `${REFUSED[terminal.language]}  ${printable(message)}\n`,
      );
      return EXIT.refused;
    }
    print(call, terminal, { accepted: found, refused: null }, () =>
      columns([cells(ACCEPTED, found, terminal)]),
    );
    return EXIT.ok;
  },
});

function check(file: string): RegionalPolicy | YimaError {
  try {
    return readPolicyFile(file);
  } catch (error) {
    if (error instanceof YimaError && error.code === 'config_invalid') return error;
    throw error;
  }
}

function cells(word: Text, policy: RegionalPolicy, { language }: Terminal): readonly string[] {
  const { id, version, kind, verifyingRegion, issuingRegion, from } = policy;
  const region = (prefix: string): string => (prefix === '' ? EVERYWHERE[language] : prefix);
  return [word[language], id, String(version), kind, region(verifyingRegion), region(issuingRegion), from];
}
