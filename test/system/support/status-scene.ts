// One Redis, one issuer and verifiers that follow it, as real processes, with a checkpoint at each verifier that never stops asking.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import {
  dataFolder,
  freePorts,
  type NodeProcess,
  type Settings,
  startNode,
} from '../../support/node-process.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { sampleClaims } from '../../support/sample-claims.js';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';
import { type Change, violations } from './admissions.js';
import { type Client, createClient } from './client.js';
import { look, type Watcher, watch } from './watcher.js';

/** The long form: hangs of 30 s in place of 3. */
export const FULL = process.env['YIMA_FULL'] === '1';

const ISSUER = '330102';
/** Region of the verifiers' own keys, which nobody uses here. */
const ELSEWHERE = '330105';
const KIND = 'business-licence';
/** Nothing slows a node of a test down, and its end is prompt. */
const QUICK: Settings = {
  YIMA_RATE_LIMIT_PER_MINUTE: '0',
  YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
  YIMA_SHUTDOWN_GRACE_SECONDS: '0',
};

export interface SceneOptions {
  /** 1 when absent. */
  readonly verifiers?: number;
  /** Codes that are issued and watched; each change takes one. */
  readonly codes?: number;
  /** Of every node. */
  readonly settings?: Settings;
  readonly issuerSettings?: Settings;
  readonly verifierSettings?: Settings;
  /** Where the nodes find Redis; the scene's own server when absent. */
  readonly redis?: RedisServer;
}

/** A node that can end and begin again over its folder, on its ports. */
export interface Member {
  readonly name: string;
  readonly node: () => NodeProcess;
  readonly client: () => Client;
  /** SIGKILL, also to a process that is stopped. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** The sum of all samples of this name whose labels hold all of this text. */
  readonly metric: (name: string, labels?: string) => Promise<number>;
}

export interface Verifier extends Member {
  readonly watcher: Watcher;
}

export interface Scene {
  readonly redis: RedisServer;
  /** Between the verifiers and Redis; the issuer goes past it. */
  readonly proxy: TcpProxy;
  readonly issuer: Member;
  readonly verifiers: readonly Verifier[];
  /** Suspends or revokes, in turn, a code that every verifier has admitted. Resolves when the issuer acknowledges it. */
  readonly change: () => Promise<Change>;
  /** Asks for the last change once more, where its answer got lost. */
  readonly repeat: () => Promise<void>;
  /** Waits until every verifier refuses all that was changed and admits the rest from fresh knowledge. @returns milliseconds since `fromMs` */
  readonly recovered: (fromMs: number) => Promise<number>;
  /** Waits until a verifier says this of a code that nobody changed. */
  readonly soundIs: (verdict: string, verifier?: number) => Promise<void>;
  /** A verifier that comes late. It is watched like the others. */
  readonly join: (settings?: Settings) => Promise<Verifier>;
  /** What no verifier may ever have answered; see `violations`. Empty when all is well. */
  readonly violations: () => readonly string[];
}

export async function openScene(t: Test, options: SceneOptions = {}): Promise<Scene> {
  const redis = options.redis ?? (await startRedis(t));
  const proxy = await startTcpProxy(t, redis.port);
  const issuer = await startMember(t, 'issuer', {
    ...QUICK,
    YIMA_REDIS_URL: redis.url,
    YIMA_ISSUER: ISSUER,
    ...options.settings,
    ...options.issuerSettings,
  });
  const issued = await issueAll(issuer.client(), options.codes ?? 12);
  const codes = issued.map(({ code }) => code);
  const trust = await (await issuer.client().send('/.well-known/jwks.json')).text();
  const changes: Change[] = [];
  const verifiers: Verifier[] = [];

  const join: Scene['join'] = async (settings = {}) => {
    const member = await startMember(
      t,
      `verifier ${verifiers.length + 1}`,
      {
        ...QUICK,
        YIMA_REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
        YIMA_ISSUER: ELSEWHERE,
        YIMA_REGION: ELSEWHERE,
        ...options.settings,
        ...options.verifierSettings,
        ...settings,
      },
      trust,
    );
    const watcher = watch(member.client, codes);
    t.teardown(() => watcher.stop());
    const verifier = { ...member, watcher };
    verifiers.push(verifier);
    return verifier;
  };

  const isCurrent = async ({ client }: Verifier): Promise<boolean> => {
    const changed = new Set(changes.map(({ code }) => code));
    const seen = await look(client(), codes).catch(() => null);
    return (
      seen?.every(({ code, decision, ageSeconds }) =>
        changed.has(code) ? decision === 'refuse' : decision === 'admit' && (ageSeconds ?? 9) <= 1,
      ) === true
    );
  };
  const recovered: Scene['recovered'] = async (fromMs) => {
    for (const verifier of verifiers) await until(`${verifier.name} is current`, () => isCurrent(verifier));
    return Math.round(performance.now() - fromMs);
  };

  const ask = async ({ code }: Change): Promise<void> => {
    const { suspend, revoke } = issuer.client();
    await (code % 2 === 0 ? suspend : revoke)(issued[code]?.id ?? '');
  };

  for (let i = 0; i < (options.verifiers ?? 1); i += 1) await join();
  await recovered(performance.now());
  return {
    redis,
    proxy,
    issuer,
    verifiers,
    change: async () => {
      const change: Change = { code: changes.length, askedMs: performance.now() };
      if (change.code === issued.length - 1) throw new Error('The scene needs more codes.');
      changes.push(change);
      await ask(change);
      return change;
    },
    repeat: async () => {
      const last = changes.at(-1);
      if (last !== undefined) await ask(last);
    },
    recovered,
    soundIs: async (verdict, number = 0) => {
      const sound = codes.slice(-1);
      await until(`a sound code is ${verdict}`, async () => {
        const [seen] = (await look((verifiers[number] as Verifier).client(), sound).catch(() => [])) ?? [];
        return seen !== undefined && `${seen.decision}/${seen.reason}` === verdict;
      });
    },
    join,
    violations: () =>
      verifiers.flatMap(({ name, watcher }) =>
        violations(watcher.sightings, changes, maxAgeOf(options)).map((each) => `${name}: ${each}`),
      ),
  };
}

function maxAgeOf({ settings, verifierSettings }: SceneOptions): number {
  return Number({ ...settings, ...verifierSettings }['YIMA_STATUS_MAX_AGE_SECONDS'] ?? 86_400);
}

/** @param trust what it keeps as a partner's file */
async function startMember(t: Test, name: string, given: Settings, trust?: string): Promise<Member> {
  const dataDir = dataFolder(t);
  const trustDir = `${dataDir}-trust`;
  mkdirSync(trustDir, { recursive: true, mode: 0o700 });
  if (trust !== undefined) writeFileSync(join(trustDir, 'issuer.json'), trust, { mode: 0o600 });
  const settings = { ...(await freePorts()), YIMA_TRUST_DIR: trustDir, ...given };
  let node = await startNode(t, dataDir, settings);
  let client = createClient(node, dataDir);
  return {
    name,
    node: () => node,
    client: () => client,
    kill: async () => {
      node.signal('SIGKILL');
      await node.ended;
    },
    start: async () => {
      node = await startNode(t, dataDir, settings);
      client = createClient(node, dataDir);
    },
    metric: async (metric, labels = '') => {
      const text = await (await fetch(`${node.adminUrl}/metrics`)).text();
      return sumOf(text, metric, labels);
    },
  };
}

function sumOf(text: string, metric: string, labels: string): number {
  return text
    .split('\n')
    .filter((line) => new RegExp(`^${metric}[{ ]`).test(line) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

async function issueAll(client: Client, count: number): Promise<{ id: string; code: string }[]> {
  const { region: _, ...claims } = sampleClaims(KIND);
  const issued: { id: string; code: string }[] = [];
  for (let i = 0; i < count; i += 1) {
    const { id, encodings } = await client.issue(`scene ${i}`, claims, KIND);
    issued.push({ id, code: encodings[0].code });
  }
  return issued;
}
