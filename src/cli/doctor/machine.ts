// The machine around the node: Node itself, the settings, the files and who may read them, the port, the addresses.

import { readdirSync, type Stats, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../config.js';
import { isLoopbackAuthority, isLoopbackHost } from '../../core/codec/loopback.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { type LoadedTrust, loadTrustFiles } from '../../server/trust.js';
import { type Finding, fail, ok, untranslated, warn } from './finding.js';

const LEAST_NODE = [20, 15] as const;
const OTHERS = 0o077;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  if (isEnough) return ok('node', `Node ${version}`, `Node ${version}`);
  return fail('node', untranslated(`Node ${version}`), {
    'zh-CN': '请安装 Node 20.15 或更高版本',
    en: 'Install Node 20.15 or later',
  });
}

const VALID_HERE: Text = {
  'zh-CN': '本终端的配置有效；以下按此检查，运行中的节点可能用的是别的配置',
  en: 'The settings of this shell are valid; they are what is judged here, a running node may have others',
};

/** A finding for each bad setting; the configuration when there is none. */
export function checkConfig(env: Readonly<Record<string, string | undefined>>): {
  findings: Finding[];
  config: Config | null;
} {
  try {
    const config = loadConfig(env);
    return { findings: [{ level: 'ok', check: 'config', text: VALID_HERE }], config };
  } catch (error) {
    if (!(error instanceof YimaError) || error.code !== 'config_invalid') throw error;
    const todo = {
      'zh-CN': '改正该环境变量，见 README 的配置表',
      en: 'Correct the variable; README has the table of settings',
    };
    return {
      findings: error.message.split('\n').map((line) => fail('config', untranslated(line), todo)),
      config: null,
    };
  }
}

function look(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** Whether somebody else may read or write it. Windows has no such bits. */
function isOpen(stats: Stats): boolean {
  return process.platform !== 'win32' && (stats.mode & OTHERS) !== 0;
}

export function checkFolder({ dataDir }: Config): Finding {
  const stats = look(dataDir);
  if (stats === undefined) {
    return warn(
      'data',
      { 'zh-CN': `数据文件夹 ${dataDir} 尚不存在`, en: `The data folder ${dataDir} does not exist yet` },
      { 'zh-CN': '首次运行 yima serve 时创建', en: 'yima serve makes it at its first start' },
    );
  }
  if (!stats.isDirectory()) {
    return fail(
      'data',
      { 'zh-CN': `${dataDir} 不是文件夹`, en: `${dataDir} is not a folder` },
      { 'zh-CN': '请把 YIMA_DATA_DIR 指向一个文件夹', en: 'Let YIMA_DATA_DIR name a folder' },
    );
  }
  if (isOpen(stats)) {
    return fail(
      'data',
      { 'zh-CN': `其他用户可以进入数据文件夹 ${dataDir}`, en: `Others may enter the data folder ${dataDir}` },
      { 'zh-CN': `执行：chmod 700 ${dataDir}`, en: `Run: chmod 700 ${dataDir}` },
    );
  }
  return ok('data', `数据文件夹 ${dataDir} 仅本用户可用`, `The data folder ${dataDir} is private`);
}

export function checkKeyFiles({ dataDir, keyPassphrase }: Config): Finding[] {
  const folder = join(dataDir, 'keys');
  if (look(folder) === undefined) return [];
  const open = [folder, ...readdirSync(folder).map((name) => join(folder, name))].filter((path) => {
    const stats = look(path);
    return stats !== undefined && isOpen(stats);
  });
  const findings = open.map((path) =>
    fail(
      'keys',
      { 'zh-CN': `其他用户可以读取 ${path}`, en: `Others may read ${path}` },
      {
        'zh-CN': `执行：chmod go= ${path}；若可能已泄露，再执行 yima keys rotate`,
        en: `Run: chmod go= ${path}; if somebody may have read it, also: yima keys rotate`,
      },
    ),
  );
  if (findings.length === 0) findings.push(ok('keys', '密钥文件仅本用户可读', 'The key files are private'));
  if (keyPassphrase !== null) return findings;
  const todo = {
    'zh-CN': '设置 YIMA_KEY_PASSPHRASE_FILE，下次启动时自动加密',
    en: 'Set YIMA_KEY_PASSPHRASE_FILE; the next start encrypts them',
  };
  return [
    ...findings,
    warn('keys', { 'zh-CN': '签名密钥未加密', en: 'The signing keys are not encrypted' }, todo),
  ];
}

export function checkTrustFiles(config: Config): Finding[] {
  let loaded: LoadedTrust;
  try {
    loaded = loadTrustFiles(config);
  } catch (error) {
    if (!(error instanceof YimaError)) throw error;
    const todo = { 'zh-CN': '改正后节点才能启动', en: 'The node does not start before this is mended' };
    return [fail('trust', untranslated(error.message), todo)];
  }
  const { records, refused } = loaded;
  const findings: Finding[] = refused.map(({ file, kid, rule }) =>
    warn(
      'trust',
      {
        'zh-CN': `${file} 中的密钥 ${kid ?? ''} 未被接受：${rule}`,
        en: `Left out of ${file}: ${kid ?? ''} ${rule}`,
      },
      {
        'zh-CN': '请向伙伴索取正确的文件；yima trust check 可事先检查',
        en: 'Ask the partner for a correct file; yima trust check tells beforehand',
      },
    ),
  );
  return [
    ...findings,
    ok('trust', `信任文件中有 ${records.length} 个密钥`, `${records.length} keys in the trust files`),
  ];
}

/** @param cores that this process may use */
export function checkWorkers({ workers }: Config, cores: number): Finding {
  const text = {
    'zh-CN': `${workers} 个工作进程，${cores} 个处理器核心`,
    en: `${workers === 1 ? '1 process serves' : `${workers} workers serve`}, on ${cores} ${cores === 1 ? 'core' : 'cores'}`,
  };
  if (workers <= cores) return { level: 'ok', check: 'workers', text };
  return warn('workers', text, {
    'zh-CN': `请将 WORKERS 设为不超过 ${cores}：每个工作进程都在内存中保存全部状态列表（指标 yima_status_arena_bytes）`,
    en: `Set WORKERS to ${cores} or less: each holds all status lists in memory (metric yima_status_arena_bytes)`,
  });
}

/** What others see: addresses and encryption. */
export function checkAddresses({ host, publicUrl, trustProxy, demo }: Config): Finding[] {
  const isLocal = isLoopbackAuthority(new URL(publicUrl).host);
  const findings: Finding[] = [];
  if (isLocal) {
    findings.push(
      warn(
        'address',
        {
          'zh-CN': `公开地址是 ${publicUrl}，其他机器打不开`,
          en: `The public address is ${publicUrl}, which no other machine can open`,
        },
        {
          'zh-CN': '正式签发前设置 YIMA_PUBLIC_URL；码中的状态列表地址以它开头',
          en: 'Set YIMA_PUBLIC_URL before issuing in earnest: status list addresses in codes begin with it',
        },
      ),
    );
  } else if (publicUrl.startsWith('http:')) {
    findings.push(
      warn(
        'address',
        { 'zh-CN': `公开地址 ${publicUrl} 没有加密`, en: `The public address ${publicUrl} is not encrypted` },
        { 'zh-CN': '在前面放置支持 TLS 的代理', en: 'Put a proxy with TLS in front' },
      ),
    );
  } else findings.push(ok('address', `公开地址 ${publicUrl}`, `The public address is ${publicUrl}`));
  if (!isLocal && trustProxy.length === 0) {
    findings.push(
      warn(
        'proxy',
        { 'zh-CN': '未设置可信代理', en: 'No proxy is trusted' },
        {
          'zh-CN': '若前面有代理，设置 YIMA_TRUST_PROXY，否则所有访客共用一个限额',
          en: 'With a proxy in front set YIMA_TRUST_PROXY, or all visitors share one rate limit',
        },
      ),
    );
  }
  if (demo && !isLoopbackHost(host)) {
    findings.push(
      warn(
        'demo',
        { 'zh-CN': '演示已开启', en: 'The demo is on' },
        { 'zh-CN': '正式节点请设置 YIMA_DEMO=off', en: 'Set YIMA_DEMO=off on a node that others reach' },
      ),
    );
  }
  return findings;
}

/** Whether the public port could be listened on; only asked while no node runs here. */
export async function checkPort({ host, port }: Config): Promise<Finding> {
  const code = await new Promise<string | null>((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    probe.listen({ host, port }, () => probe.close(() => resolve(null)));
  });
  if (code === null) return ok('port', `端口 ${host}:${port} 空闲`, `The port ${host}:${port} is free`);
  return fail(
    'port',
    { 'zh-CN': `不能监听 ${host}:${port}（${code}）`, en: `Cannot listen on ${host}:${port} (${code})` },
    { 'zh-CN': '停止占用它的程序，或设置 HOST、PORT', en: 'Stop what uses it, or set HOST and PORT' },
  );
}
