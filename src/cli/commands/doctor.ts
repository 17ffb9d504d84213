// `yima doctor`: what is right, what is doubtful and what is wrong with this installation, and what to do about it.

import { availableParallelism } from 'node:os';
import type { Text } from '../../core/errors/reasons.js';
import { command } from '../command.js';
import type { Finding } from '../doctor/finding.js';
import {
  checkAddresses,
  checkConfig,
  checkFolder,
  checkKeyFiles,
  checkNode,
  checkTrustFiles,
  checkWorkers,
} from '../doctor/machine.js';
import { checkOpenNode } from '../doctor/node.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { print } from '../show.js';
import type { Terminal } from '../terminal.js';

const LEVELS: Readonly<Record<Finding['level'], Text & { readonly colour: number }>> = {
  ok: { 'zh-CN': '正常', en: 'ok', colour: 32 },
  warn: { 'zh-CN': '注意', en: 'warn', colour: 33 },
  fail: { 'zh-CN': '错误', en: 'FAIL', colour: 31 },
};

export const DOCTOR = command({
  name: 'doctor',
  summary: {
    'zh-CN': '检查安装、配置、文件、数据库、时间和密钥',
    en: 'Check installation, settings, files, database, clock and keys',
  },
  notes: {
    'zh-CN': '按本终端的环境变量检查，运行中的节点可能用的是别的配置。退出码 1：至少一项错误。',
    en: 'Judges the settings of this shell; a running node may have others. Exits 1 when at least one check fails.',
  },
  args: [],
  options: {},
  examples: ['yima doctor', 'yima doctor --json'],
  run: async (call, terminal) => {
    const findings = await examine(terminal);
    const isSound = findings.every(({ level }) => level !== 'fail');
    print(call, terminal, { ok: isSound, findings }, () => describe(findings, terminal));
    return isSound ? EXIT.ok : EXIT.refused;
  },
});

async function examine(terminal: Terminal): Promise<readonly Finding[]> {
  const { findings, config } = checkConfig(terminal.env);
  const all = [checkNode(process.versions.node), ...findings];
  if (config === null) return all;
  all.push(
    checkFolder(config),
    ...checkKeyFiles(config),
    ...checkTrustFiles(config),
    ...checkAddresses(config),
    checkWorkers(config, availableParallelism()),
  );
  return [...all, ...(await checkOpenNode(config, terminal))];
}

function describe(findings: readonly Finding[], { language, colour }: Terminal): string {
  const rows = findings.flatMap(({ level, check, text, todo }) => [
    [LEVELS[level][language], check, printable(text[language])],
    ...(todo === undefined ? [] : [['', '', `-> ${printable(todo[language])}`]]),
  ]);
  const lines = columns(rows);
  if (!colour) return lines;
  return lines.replace(/^\S+/gm, (word) => {
    const level = Object.values(LEVELS).find((each) => each[language] === word);
    return level === undefined ? word : `\u001b[${level.colour}m${word}\u001b[0m`;
  });
}
