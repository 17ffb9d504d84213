import t from 'tap';
import type { LocalRequest } from '../../src/cli/local-client.js';
import { run } from './fake-terminal.js';

const KID = 'AAECAwQFBgc';
const REISSUE = ['keys', 'reissue', KID];
const STEP = 30;

/** A node with so many credentials to sign anew, 30 a step, in two kinds, and one more a step that is not. */
function nodeWith(count: number) {
  const asked: LocalRequest[] = [];
  let done = 0;
  let lost = Number.POSITIVE_INFINITY;
  const answer = ({ path, body }: LocalRequest) => {
    if (path !== `/v1/keys/${KID}/reissue`) return { status: 404, body: { title: 'no such path' } };
    const { after = 0, dryRun = false } = body as { after?: number; dryRun?: boolean };
    const reissued = Math.min(STEP, count - after - (dryRun ? done : 0));
    if (!dryRun) done += reissued;
    const groups = [
      { kind: 'health-code', region: '330102', count: Math.ceil(reissued / 3) },
      { kind: 'food-handler', region: '330106', count: reissued - Math.ceil(reissued / 3) },
    ];
    const next = after + reissued;
    return { status: 200, body: { reissued, groups, skipped: 1, next: next < count ? next : null } };
  };
  const connect = async () => ({
    via: 'socket' as const,
    request: async (request: LocalRequest) => {
      asked.push(request);
      const { status, body } = asked.length > lost ? { status: 503, body: {} } : answer(request);
      return { status, contentType: 'application/json', body: JSON.stringify(body) };
    },
    close: async () => undefined,
  });
  return {
    connect,
    changes: () => asked.filter(({ body }) => (body as { dryRun?: boolean }).dryRun !== true).length,
    done: () => done,
    loseAfter: (requests: number) => {
      lost = requests;
    },
  };
}

t.test('a dry run counts by kind and region, and changes nothing', async (t) => {
  const { connect, changes } = nodeWith(75);
  const { code, out } = await run([...REISSUE, '--dry-run'], { terminal: { connect } });
  t.equal(code, 0);
  t.match(out, /^Would be signed anew +75\nRevoked, expired or of the demo +3\n/);
  t.match(out, /\n +food-handler +330106 +50\n +health-code +330102 +25\n$/);
  const json = await run([...REISSUE, '--dry-run', '--json'], { terminal: { connect } });
  t.strictSame(JSON.parse(json.out), {
    reissued: 75,
    skipped: 3,
    groups: [
      { kind: 'food-handler', region: '330106', count: 50 },
      { kind: 'health-code', region: '330102', count: 25 },
    ],
  });
  t.equal(changes(), 0);
});

t.test('it asks with the number, and only a yes goes on', async (t) => {
  for (const [typed, changes] of [
    ['y', 3],
    ['n', 0],
  ] as const) {
    const node = nodeWith(75);
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return typed;
    };
    const terminal = { connect: node.connect, interactive: true, ask };
    const { code, talk } = await run(REISSUE, { terminal });
    t.match(talk, /signs anew 75 credential/);
    t.same([code === 0, node.changes(), questions.length], [changes > 0, changes, 1]);
  }
  const node = nodeWith(75);
  t.match(await run(REISSUE, { terminal: { connect: node.connect } }), { code: 1, talk: /--yes/ });
  t.equal(node.changes(), 0, 'nobody could be asked');
});

t.test('it tells how far it is, not more than twenty times, and the end', async (t) => {
  const few = nodeWith(75);
  const { talk, out } = await run([...REISSUE, '--yes'], { terminal: { connect: few.connect } });
  t.match(talk, /Signed anew 30 \/ 75\nSigned anew 60 \/ 75\nSigned anew 75 \/ 75\n$/);
  t.match(out, /^Signed anew +75\n/);
  const many = nodeWith(6_000);
  const json = await run([...REISSUE, '--yes', '--json'], { terminal: { connect: many.connect } });
  const told = json.talk.split('\n').filter((line) => line.startsWith('Signed anew'));
  t.equal(told.length, 20);
  t.equal(told.at(-1), 'Signed anew 6000 / 6000');
  t.match(JSON.parse(json.out), { reissued: 6_000 });
  const none = await run([...REISSUE, '--yes'], { terminal: { connect: nodeWith(0).connect } });
  t.match(none, { code: 0, out: /^Signed anew +0\n/ });
});

t.test('a node that ends meanwhile ends it with an error, and the next run does the rest', async (t) => {
  const node = nodeWith(75);
  node.loseAfter(5);
  const terminal = { connect: node.connect };
  t.not((await run([...REISSUE, '--yes'], { terminal })).code, 0);
  t.equal(node.done(), 60);
});

t.test('what the keys that sign have used is told, of the others nothing', async (t) => {
  const key = {
    kid: KID,
    algorithm: 'Ed25519',
    use: 'credential',
    signs: 'credential',
    state: 'active',
    notBefore: 1_699_700_000,
    notAfter: null,
    spent: {
      signatures: 12_345,
      mostSignatures: 1_000_000,
      since: 1_699_700_000,
      until: 1_699_700_000 + 7 * 86_400,
      share: 0.49,
    },
  };
  const retired = { ...key, kid: 'BBECAwQFBgc', state: 'retired', spent: null };
  const answers = { 'GET /v1/keys': { body: { keys: [key, retired] } } };
  const { out } = await run(['keys', 'list'], { answers });
  t.match(out, /^AAECAwQFBgc .* 12345 \/ 1000000 signatures, 3 \/ 7 days\n/);
  t.notMatch(out.split('\n')[1], /signatures/);
  const { out: chinese } = await run(['keys', 'list'], { answers, terminal: { language: 'zh-CN' } });
  t.match(chinese, /签名 12345 \/ 1000000 次，3 \/ 7 天/);
});
