// Three authorities, each a node with its own folder, keys, lists and policies: Guangdong issues, the hub translates, Zhejiang reads.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Issued } from '../../src/core/issue/commands.js';
import type { Answer } from '../../src/core/verify/answer.js';
import { createLogger } from '../../src/http/logging.js';
import { type NodeCore, openCore } from '../../src/server/core.js';
import { NO_FOLLOWERS } from '../../src/server/knowledge.js';
import { issueRequest } from '../support/office.js';
import { privateFolder, quietConfig } from '../support/open-node.js';
import { policyFile, ruleOf } from '../support/policies.js';

interface Authority {
  readonly core: NodeCore;
  readonly dataDir: string;
  readonly now: { at: number };
}

async function open(
  t: Test,
  issuer: string,
  region: string,
  partners: readonly Authority[] = [],
  policies: readonly object[] = [],
): Promise<Authority> {
  const dataDir = join(privateFolder(t), 'data');
  const files = await Promise.all(partners.map(({ core }) => core.commands.jwks()));
  place(dataDir, 'trust', files);
  place(dataDir, 'policies', policies);
  const config = quietConfig(dataDir, {
    YIMA_ISSUER: issuer,
    YIMA_REGION: region,
    YIMA_PUBLIC_URL: `https://${issuer}.example`,
    YIMA_DEMO: 'off',
  });
  const now = { at: Math.floor(Date.now() / 1000) + 5 };
  const core = await openCore(config, NO_FOLLOWERS, createLogger('silent'), {
    clock: () => now.at,
    steady: () => now.at,
  });
  t.teardown(() => core.close());
  return { core, dataDir, now };
}

function place(dataDir: string, folder: string, files: readonly object[]): void {
  mkdirSync(join(dataDir, folder), { recursive: true, mode: 0o700 });
  files.forEach((file, i) => {
    writeFileSync(join(dataDir, folder, `${i}.json`), JSON.stringify(file), { mode: 0o600 });
  });
}

/** What one authority publishes, as another has it. */
function mirror(from: Authority, to: Authority): void {
  const { status } = from.core.knowledge;
  const held = to.core.knowledge.status;
  for (const shape of status.shapes()) {
    const { base, number } = shape;
    if (base !== `https://${from.core.config.issuer}.example/status-lists/`) continue;
    if (!held.hasList(base, number)) held.addList(shape);
    held.load(shape, status.packed(base, number) ?? new Uint8Array());
    held.confirm(base, { epoch: to.now.at, steady: to.now.at });
  }
}

function setStatus({ core }: Authority, { encodings }: Issued, value: number): void {
  const base = `https://${core.config.issuer}.example/status-lists/`;
  for (const { list, index } of encodings) core.knowledge.status.set(base, list, index, value);
}

const codeOf = ({ encodings }: Issued): string => encodings[0]?.code ?? '';
const issue = ({ core }: Authority, region: string): Promise<Issued> =>
  core.commands.issue('desk', issueRequest('health-code', { region }));
const translate = ({ core }: Authority, code: string, change: object = {}): Promise<Issued> =>
  core.commands.translate('desk', { code, operator: 'window 3', evidence: 'traveller asked', ...change });

async function openThree(t: Test, policies: readonly object[] = []) {
  const guangdong = await open(t, '440103', '44');
  const hub = await open(t, 'hub', 'all', [guangdong], policies);
  const zhejiang = await open(t, '330102', '33', [guangdong, hub], policies);
  const read = (code: Issued): Answer => {
    mirror(guangdong, zhejiang);
    mirror(hub, zhejiang);
    return zhejiang.core.verify(codeOf(code));
  };
  return { guangdong, hub, zhejiang, read };
}

const COLOURS = [
  ['green', 0x00, 'admit/ok'],
  ['yellow', 0x0c, 'hold/held_by_policy'],
  ['red', 0x0d, 'refuse/refused_by_policy'],
] as const;
const ENDED = [
  ['suspended', 2, 'refuse/suspended'],
  ['revoked', 1, 'refuse/revoked'],
] as const;

const said = ({ decision, reason }: Answer): string => `${decision}/${reason}`;

t.test('a local code read in another province', async (t) => {
  const { guangdong, read } = await openThree(t);
  for (const [colour, value, expected] of [...COLOURS, ...ENDED]) {
    const code = await issue(guangdong, '440103');
    setStatus(guangdong, code, value);
    const answer = read(code);
    t.equal(said(answer), expected, colour);
    t.equal(answer.recognition, 'direct');
  }
});

t.test('the hub’s own code', async (t) => {
  const { hub, read } = await openThree(t);
  for (const [colour, value, expected] of [...COLOURS, ...ENDED]) {
    const code = await issue(hub, '100000');
    setStatus(hub, code, value);
    const answer = read(code);
    t.equal(said(answer), expected, colour);
    t.equal(answer.recognition, 'hub');
  }
});

t.test('a local code translated by the hub: its colour and contents, for half an hour', async (t) => {
  const { guangdong, hub, zhejiang, read } = await openThree(t);
  for (const [colour, value, expected] of COLOURS) {
    const source = await issue(guangdong, '440103');
    setStatus(guangdong, source, value);
    mirror(guangdong, hub);
    const translated = await translate(hub, codeOf(source));
    t.match(translated.credential, {
      region: '440103',
      level: value,
      demo: false,
      operator: 'window 3',
      expiresAt: hub.now.at + 1_800,
    });
    const answer = read(translated);
    t.equal(said(answer), expected, colour);
    t.match(answer, { recognition: 'translated', credential: { issuer: 'hub', status: { word: colour } } });
    const told = hub.core.verify(codeOf(translated)).credential?.subject ?? [];
    const original = read(source).credential?.subject ?? [];
    t.same(
      told.filter(({ name }) => name !== 'sourceIssuer'),
      original,
      'the same claims are shown',
    );
    if (told.length > 0) t.match(told.at(-1), { name: 'sourceIssuer', value: '440103' });
    zhejiang.now.at += 1_861;
    t.equal(said(read(translated)), 'refuse/expired', 'and then no more');
    zhejiang.now.at -= 1_861;
  }
  t.match(await hub.core.commands.checkLog(), { ok: true, strayCredentials: [] });
  const types = (await hub.core.commands.readLog(0, 100)).map(({ type }) => type);
  t.equal(types.filter((type) => type === 'translated').length, 3);
});

t.test('a translated code is suspended and revoked as any code of the hub', async (t) => {
  const { guangdong, hub, read } = await openThree(t);
  mirror(guangdong, hub);
  for (const [word, value, expected] of ENDED) {
    const source = await issue(guangdong, '440103');
    mirror(guangdong, hub);
    const translated = await translate(hub, codeOf(source));
    t.equal(said(read(translated)), 'admit/ok');
    setStatus(hub, translated, value);
    const answer = read(translated);
    t.equal(said(answer), expected, word);
    t.equal(answer.recognition, 'translated');
  }
});

t.test('what is not valid, not a province’s own or not for the hub is not translated', async (t) => {
  const { guangdong, hub, zhejiang } = await openThree(t);
  const source = await issue(guangdong, '440103');
  const rejected = (rule: string) => ({ code: 'claims_rejected', field: 'code', rule });
  await t.rejects(translate(hub, codeOf(source)), rejected('status_unknown'), 'its list is not held yet');
  mirror(guangdong, hub);
  const translated = await translate(hub, codeOf(source));
  await t.rejects(translate(hub, codeOf(translated)), rejected('not_a_local_code'), 'twice');
  await t.rejects(
    translate(hub, codeOf(await issue(hub, '100000'))),
    rejected('not_a_local_code'),
    'the hub’s own',
  );
  await t.rejects(translate(hub, codeOf(await issue(zhejiang, '330102'))), rejected('issuer_unknown'));
  await t.rejects(translate(hub, 'YM1:'), rejected('damaged'));
  await t.rejects(translate(hub, ''), rejected('not_ours'));
  await t.rejects(translate(hub, codeOf(source), { operator: '' }), {
    code: 'invalid_request',
    field: 'operator',
  });
  await t.rejects(translate(hub, codeOf(source), { evidence: 'a\nb' }), {
    code: 'invalid_request',
    field: 'evidence',
  });
  for (const [word, value] of ENDED) {
    setStatus(guangdong, source, value);
    mirror(guangdong, hub);
    await t.rejects(translate(hub, codeOf(source)), rejected(word));
  }
  hub.now.at += 25 * 3_600;
  await t.rejects(translate(hub, codeOf(source)), { code: 'claims_rejected', rule: 'expired' });
  for (const node of [guangdong, zhejiang])
    await t.rejects(translate(node, codeOf(source)), { code: 'forbidden', message: /Only the national hub/ });
});

t.test('status that is too old here is not translated', async (t) => {
  const { guangdong, hub } = await openThree(t);
  const source = await issue(guangdong, '440103');
  mirror(guangdong, hub);
  hub.now.at += 301;
  await t.rejects(translate(hub, codeOf(source)), { code: 'claims_rejected', rule: 'status_stale' });
});

t.test('a translated code lives no longer than its source', async (t) => {
  const { guangdong, hub } = await openThree(t);
  const short = await guangdong.core.commands.issue(
    'desk',
    issueRequest('health-code', { region: '440103', validSeconds: 600 }),
  );
  mirror(guangdong, hub);
  hub.now.at += 100;
  t.equal((await translate(hub, codeOf(short))).credential.expiresAt, short.credential.expiresAt);
  hub.now.at += 530;
  await t.rejects(translate(hub, codeOf(short)), { code: 'claims_rejected', rule: 'status_stale' });
  mirror(guangdong, hub);
  t.equal(said(hub.core.verify(codeOf(short))), 'admit/ok', 'in the leeway for clocks');
  await t.rejects(translate(hub, codeOf(short)), { code: 'claims_rejected', rule: 'expired' });
});

t.test('the same idempotency key gives the same translation', async (t) => {
  const { guangdong, hub } = await openThree(t);
  const source = await issue(guangdong, '440103');
  setStatus(guangdong, source, 0x0c);
  mirror(guangdong, hub);
  const key = { idempotencyKey: 'case-7' };
  const first = await translate(hub, codeOf(source), key);
  const again = await translate(hub, codeOf(source), key);
  t.same([first.replayed, again.replayed], [false, true]);
  t.equal(codeOf(again), codeOf(first));
  await t.rejects(translate(hub, codeOf(source), { ...key, evidence: 'other' }), {
    code: 'idempotency_conflict',
  });
});

t.test('no ordinary request sets the source of a translation', async (t) => {
  const { hub } = await openThree(t);
  const request = issueRequest('health-code', { region: '440103' });
  const claims = { ...request.claims, sourceIssuer: '440103' };
  await t.rejects(hub.core.commands.issue('desk', { ...request, claims }), {
    code: 'claims_rejected',
    field: 'claims.sourceIssuer',
  });
});

t.test('one province’s stricter rule decides there, for both ways, and nowhere else', async (t) => {
  const strict = policyFile('health-code', [ruleOf({ status: ['green', 'yellow'] }, 'refuse', 'closed')], {
    issuingRegion: '44',
    version: 4,
  });
  const { guangdong, hub, read } = await openThree(t, [strict]);
  const source = await issue(guangdong, '440103');
  mirror(guangdong, hub);
  const translated = await translate(hub, codeOf(source));
  for (const code of [source, translated]) {
    const answer = read(code);
    t.equal(said(answer), 'refuse/refused_by_policy');
    t.same(answer.policy, { id: 'health-code-zhejiang', version: 4, rule: 'closed' });
    t.equal(answer.text.en, "Refused by Zhejiang's rule: Rule");
    t.equal(said(hub.core.verify(codeOf(code))), 'admit/ok', 'the hub has the same file');
  }
  t.equal(said(guangdong.core.verify(codeOf(source))), 'admit/ok');
  t.equal(said(read(await issue(hub, '100000'))), 'admit/ok', 'the rule is about codes of Guangdong');
});
