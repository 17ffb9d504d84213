// Environment -> one frozen, validated Config. Every bad setting is named at once; a misspelt YIMA_* name is refused.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestWord } from './config/nearest-word.js';
import type { Address, Parser, TlsSource } from './config/parsers.js';
import type { Setting } from './config/setting.js';
import { IGNORED_NAMES, SETTINGS } from './config/settings.js';
import {
  checkTrustSettings,
  type TRUST_SETTINGS,
  type TrustSettings,
  trustSettings,
} from './config/trust-settings.js';
import { isLoopbackHost } from './core/codec/loopback.js';
import { YimaError } from './core/errors/yima-error.js';

type Settings = typeof SETTINGS;
type Given = { -readonly [K in keyof Settings]?: Settings[K] extends Setting<infer T> ? T : never };

/** The node's configuration; paths as given, units in the names. */
export type Config = Readonly<
  Required<
    Omit<
      Given,
      | 'keyPassphrase'
      | 'keyPassphraseFile'
      | 'partnerKeysFile'
      | 'tls'
      | 'demo'
      | 'redisUrl'
      | 'redisSentinels'
      | 'redisSentinelMaster'
      | keyof typeof TRUST_SETTINGS
    >
  > & {
    readonly keyPassphrase: string | null;
    readonly partnerKeysFile: string | null;
    readonly demo: boolean;
    /** null: plain HTTP, for loopback or behind a proxy. */
    readonly tls: TlsSource | null;
    /** null: this node is in no network of trust lists. */
    readonly trust: TrustSettings | null;
    /** null: this node serves its own lists alone. */
    readonly redis: RedisSettings | null;
    /** Where codes say their status lists are: the public address of the data folder's first start. */
    readonly statusUrl: string;
    /** Whether it was set, rather than left to its default. */
    readonly given: { readonly issuer: boolean; readonly statusUrl: boolean };
  }
>;

export interface RedisSettings {
  /** A secret: it may hold a password. */
  readonly url: string;
  readonly sentinels: readonly Address[];
  readonly sentinelMaster: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
type ReadText = (path: string) => string;

/**
 * Reads all settings of settings.ts. An empty variable counts as absent.
 * @param readText for `YIMA_KEY_PASSPHRASE_FILE`
 * @throws YimaError `config_invalid` with a line for each bad setting and the first one's name as field; a value is never repeated
 */
export function loadConfig(
  env: Environment,
  readText: ReadText = (path) => readFileSync(path, 'utf8'),
): Config {
  const problems: { name: string; text: string }[] = [...unknownNames(env)];
  const given = readGiven(env, problems);
  const keyPassphrase = readPassphrase(given, readText, problems);
  checkAddress(given, problems);
  checkSharedPort(given, problems);
  checkRedis(given, problems);
  problems.push(...checkTrustSettings(given));
  const first = problems[0];
  if (first !== undefined) {
    const lines = problems.map(({ name, text }) => `${name}: ${text}`);
    throw new YimaError('config_invalid', lines.join('\n'), { field: first.name });
  }
  const isGiven = Object.freeze({
    issuer: given.issuer !== undefined,
    statusUrl: given.publicUrl !== undefined,
  });
  return Object.freeze({ ...derive(withDefaults(given)), keyPassphrase, given: isGiven });
}

function unknownNames(env: Environment): { name: string; text: string }[] {
  const known: readonly string[] = [...Object.values(SETTINGS).map((row) => row.name), ...IGNORED_NAMES];
  return Object.keys(env)
    .filter((name) => name.startsWith('YIMA_') && !known.includes(name))
    .map((name) => ({ name, text: `there is no such setting; the nearest is ${nearestWord(name, known)}` }));
}

function readGiven(env: Environment, problems: { name: string; text: string }[]): Given {
  const given: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(SETTINGS)) {
    const text = env[row.name];
    if (text === undefined || text === '') continue;
    const parsed = (row.parse as Parser<unknown>)(text);
    if ('value' in parsed) given[key] = parsed.value;
    else problems.push({ name: row.name, text: `expected ${parsed.expected}` });
  }
  return given as Given;
}

function readPassphrase(
  given: Given,
  readText: ReadText,
  problems: { name: string; text: string }[],
): string | null {
  const name = SETTINGS.keyPassphraseFile.name;
  if (given.keyPassphraseFile === undefined) return given.keyPassphrase ?? null;
  if (given.keyPassphrase !== undefined) {
    problems.push({ name, text: `set this or ${SETTINGS.keyPassphrase.name}, not both` });
    return null;
  }
  try {
    const passphrase = readText(given.keyPassphraseFile).replace(/\r?\n$/, '');
    const parsed = SETTINGS.keyPassphrase.parse(passphrase);
    if ('value' in parsed) return parsed.value;
    problems.push({ name, text: `the file holds too little: expected ${parsed.expected}` });
  } catch {
    problems.push({ name, text: 'the file cannot be read' });
  }
  return null;
}

/** A free port is another one at every start, while addresses in codes must stay: whoever serves or issues has to know them. */
function checkAddress(given: Given, problems: { name: string; text: string }[]): void {
  const { name } = SETTINGS.publicUrl;
  if (given.port !== 0 || given.publicUrl !== undefined || problems.some((each) => each.name === name))
    return;
  problems.push({
    name,
    text: `needed when ${SETTINGS.port.name} is 0: codes name the address of their status list`,
  });
}

/** A port that is picked anew whenever no worker is left would be another one each time. */
function checkSharedPort({ port, workers = 1 }: Given, problems: { name: string; text: string }[]): void {
  if (port !== 0 || workers === 1) return;
  const { name } = SETTINGS.workers;
  problems.push({ name, text: `several share a port that ${SETTINGS.port.name} names; 0 goes with 1` });
}

/** Without the address nobody knows user, password and database, and a typing error would leave a node alone in silence. */
function checkRedis({ redisUrl, redisSentinels }: Given, problems: { name: string; text: string }[]): void {
  const { name } = SETTINGS.redisUrl;
  if (redisSentinels === undefined || redisUrl !== undefined || problems.some((each) => each.name === name))
    return;
  problems.push({
    name,
    text: `needed where ${SETTINGS.redisSentinels.name} is set; its host counts for nothing then`,
  });
}

type Fixed = Given & Required<Pick<Given, 'host' | 'port' | 'dataDir' | 'demo' | 'trustProxy' | 'region'>>;

function withDefaults(given: Given): Fixed {
  const defaults = Object.entries(SETTINGS)
    .filter(([, row]) => 'default' in row && row.default !== undefined)
    .map(([key, row]) => [key, row.default]);
  return { ...Object.fromEntries(defaults), ...given };
}

function derive({
  keyPassphrase,
  keyPassphraseFile,
  redisUrl,
  redisSentinels = [],
  redisSentinelMaster = '',
  trustPin,
  trustHub,
  trustSources,
  trustWitnesses,
  trustWitness,
  ...fixed
}: Fixed): Omit<Config, 'keyPassphrase' | 'given'> {
  const local = isLoopbackHost(fixed.host);
  const quiet = local && fixed.trustProxy.length === 0 && fixed.publicUrl === undefined;
  const scheme = fixed.tls === undefined ? 'http' : 'https';
  const publicUrl = fixed.publicUrl ?? `${scheme}://${urlHost(fixed.host)}:${fixed.port}`;
  return {
    ...(fixed as Required<typeof fixed>),
    region: fixed.region === 'all' ? '' : fixed.region,
    adminPort: fixed.adminPort ?? (fixed.port === 0 ? 0 : fixed.port + 1),
    publicUrl,
    statusUrl: publicUrl,
    partnerKeysFile: fixed.partnerKeysFile ?? null,
    tls: fixed.tls ?? null,
    trustDir: fixed.trustDir ?? join(fixed.dataDir, 'trust'),
    redis:
      redisUrl === undefined
        ? null
        : { url: redisUrl, sentinels: redisSentinels, sentinelMaster: redisSentinelMaster },
    trust: trustSettings({ trustPin, trustHub, trustSources, trustWitnesses, trustWitness }),
    policyDir: fixed.policyDir ?? join(fixed.dataDir, 'policies'),
    demo: fixed.demo === 'on' || (fixed.demo === 'auto' && quiet),
  };
}

/** An address that listens everywhere is none that others can open. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** The table of all settings in Markdown, for the README. */
export function settingsTable(): string {
  const rows = Object.values(SETTINGS).map((row) => {
    const shown = row.shown ?? `\`${String(row.default)}\``;
    return `| \`${row.name}\` | ${shown} | ${row.description}${'secret' in row ? ' (secret)' : ''} |`;
  });
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
