// The node itself, running or opened here: database, log, clock, and the age of its signing keys.

import { existsSync } from 'node:fs';
import type { Config } from '../../config.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { type Ask, createAsk } from '../ask-node.js';
import type { SigningKey } from '../commands/keys.js';
import { checkLog, describeCheck } from '../commands/log.js';
import { findHead } from '../commands/log-head.js';
import { databaseFaults, databasePath } from '../database-file.js';
import { instant } from '../show.js';
import type { Terminal } from '../terminal.js';
import { type Finding, fail, ok, untranslated, warn } from './finding.js';
import { checkPort } from './machine.js';

const CLOCK_SLACK_SECONDS = 60;
const SECONDS_A_DAY = 86_400;
/** A key that signs health codes is replaced weekly, so that losing it costs at most a week of codes. */
const KEY_DAYS = 7;

/** Looks into an existing data folder; with none there is nothing to see but the port. */
export async function checkOpenNode(config: Config, terminal: Terminal): Promise<Finding[]> {
  if (!existsSync(databasePath(config))) return [await checkPort(config)];
  const findings = checkDatabase(config);
  if (findings.some(({ level }) => level === 'fail')) return findings;
  try {
    const client = await terminal.connect(config);
    try {
      const ask = createAsk(client);
      findings.push(client.via === 'socket' ? RUNNING : await checkPort(config));
      findings.push(
        await checkTheLog(ask),
        await checkClock(ask, terminal),
        ...(await checkKeyAge(ask, terminal)),
      );
    } finally {
      await client.close();
    }
  } catch (error) {
    if (!(error instanceof YimaError)) throw error;
    findings.push(
      fail('node', untranslated(error.message), {
        'zh-CN': '按提示处理后重试',
        en: 'Do what it says, then run this again',
      }),
    );
  }
  return findings;
}

const RUNNING = ok('port', '节点正在运行', 'The node is running');

const RESTORE = {
  'zh-CN': '停止节点，保留现场，从备份恢复：yima db restore',
  en: 'Stop the node, keep the files as they are, restore a backup: yima db restore',
};

function checkDatabase(config: Config): Finding[] {
  const faults = findDatabaseFaults(config);
  if (faults.length > 0) return faults.map((line) => fail('database', untranslated(line), RESTORE));
  return [ok('database', '数据库文件完好', 'The database file is sound')];
}

function findDatabaseFaults(config: Config): readonly string[] {
  try {
    return databaseFaults(config);
  } catch (error) {
    if (error instanceof YimaError) return [error.message];
    throw error;
  }
}

async function checkTheLog(ask: Ask): Promise<Finding> {
  const check = await checkLog(ask);
  const text = describeCheck(check);
  return check.ok ? { level: 'ok', check: 'log', text } : fail('log', text, RESTORE);
}

/** What was logged happened before now. */
async function checkClock(ask: Ask, terminal: Terminal): Promise<Finding> {
  const head = await findHead(ask);
  const now = terminal.now();
  const [shown, last] = [instant(now, terminal), head === undefined ? '-' : instant(head.at, terminal)];
  if (head === undefined || head.at <= now + CLOCK_SLACK_SECONDS)
    return ok('clock', `时间 ${shown}`, `The clock says ${shown}`);
  return fail(
    'clock',
    {
      'zh-CN': `时间 ${shown} 早于日志最新一条 ${last}`,
      en: `The clock says ${shown}, earlier than the newest log entry, ${last}`,
    },
    { 'zh-CN': '校准时间（NTP）后再签发或核验', en: 'Set the clock (NTP) before issuing or verifying' },
  );
}

async function checkKeyAge(ask: Ask, terminal: Terminal): Promise<Finding[]> {
  const { keys } = await ask<{ keys: readonly SigningKey[] }>({ method: 'GET', path: '/v1/keys' });
  const active = keys.filter(({ use, state }) => use === 'credential' && state === 'active');
  return active.map(({ kid, notBefore }) => {
    const days = Math.max(0, Math.floor((terminal.now() - (notBefore ?? 0)) / SECONDS_A_DAY));
    const text = {
      'zh-CN': `签名密钥 ${kid} 已使用 ${days} 天`,
      en: `The signing key ${kid} is ${days} days old`,
    };
    if (days <= KEY_DAYS) return { level: 'ok', check: 'key-age', text };
    return warn('key-age', text, {
      'zh-CN': '签发健康码的密钥每 7 天更换：yima keys rotate',
      en: 'A key that signs health codes is replaced every 7 days: yima keys rotate',
    });
  });
}
