// A marked person goes through the whole story, with everything logged: neither logs nor figures know of them.

import t from 'tap';
import { dataFolder, freePorts, startNode } from '../support/node-process.js';
import { createClient } from './support/client.js';

const NAME = '欧阳鑫淼';
const NUMBER = '33010219000101002X';
const CANARY = { holderName: NAME, holderIdType: '111', holderId: NUMBER };
const FORMS = ['screen', 'paper', 'jws'];
const WINDOW = 16;

/** Name and number in any spelling that a program might give them. */
const SPELLINGS = [NAME, NUMBER].flatMap((text) => [
  text,
  text.slice(1),
  encodeURIComponent(text),
  Buffer.from(text).toString('base64').replaceAll('=', ''),
  Buffer.from(text).toString('hex'),
  JSON.stringify(text).replace(/[^ -~]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`),
]);

/** Pieces of a code, past the beginning that all codes of one key share. */
function piecesOf(code: string): readonly string[] {
  const pieces: string[] = [];
  for (let i = 40; i + WINDOW <= code.length; i += WINDOW) pieces.push(code.slice(i, i + WINDOW));
  return pieces;
}

t.test('nothing personal is logged or counted', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, {
    ...(await freePorts()),
    YIMA_LOG_SAMPLE: '1',
    YIMA_LOG_LEVEL: 'debug',
  });
  const client = createClient(node, dataDir);
  const { send } = client;
  const body = {
    kind: 'health-code',
    region: '330102',
    claims: CANARY,
    operator: 'desk-1',
    evidence: 'case-1',
    forms: FORMS,
  };
  const issued = await send('/v1/credentials', body);
  t.equal(issued.status, 201);
  const { id, encodings } = (await issued.json()) as {
    id: string;
    encodings: { code: string; png: string | null; svg: string | null }[];
  };
  const codes = encodings.map(({ code }) => code);
  const [code = ''] = codes;

  const statuses: number[] = [];
  const visit = async (...request: Parameters<typeof send>): Promise<void> => {
    statuses.push((await send(...request)).status);
  };
  for (const { png, svg } of encodings) for (const path of [png, svg]) if (path !== null) await visit(path);
  for (const each of codes) t.equal(await client.verify(each), 'admit/ok');
  await visit('/v1/verify', { code: `${code}A` });
  await visit('/v1/verify', { code, [NAME]: NUMBER });
  await visit('/v1/credentials', { ...body, claims: { ...CANARY, holderId: NUMBER.replace('X', '1') } });
  await visit('/v1/credentials', { ...body, claims: { ...CANARY, [NUMBER]: NAME } });
  await visit('/v1/credentials', { ...body, kind: NAME, operator: NAME });
  await visit('/v1/credentials', body, {
    'idempotency-key': NUMBER,
    'x-request-id': NUMBER,
    'user-agent': NUMBER,
  });
  await visit('/v1/credentials', { ...body, evidence: 'case-2' }, { 'idempotency-key': NUMBER });
  for (const hint of [NAME, NUMBER, code]) {
    await visit(`/v1/credentials/${encodeURIComponent(hint)}`);
    await visit(`/v1/credentials/${id}/qr.png?form=${encodeURIComponent(hint)}`);
    await visit(`/${encodeURIComponent(hint)}?${encodeURIComponent(hint)}`, undefined, {
      authorization: NUMBER,
    });
  }
  await visit(`/v1/credentials/${id}/status`, { action: 'suspend', reason: 'lost' });
  await client.revoke(id);
  for (const each of codes) t.equal(await client.verify(each), 'refuse/revoked');
  await visit('/demo/verify', { code }, { origin: node.url });
  t.ok(
    statuses.every((status) => status < 500),
    `nothing broke: ${statuses}`,
  );

  const metrics = await (await fetch(`${node.adminUrl}/metrics`)).text();
  node.signal('SIGTERM');
  t.equal(await node.ended, 0);
  const lines = node
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /^request/.test(msg));
  t.ok(requests.length > statuses.length, `${requests.length} requests were logged`);
  t.match(metrics, /yima_decisions_total\{decision="admit",reason="ok"\} [1-9]/);
  for (const trace of [...SPELLINGS, ...codes.flatMap(piecesOf)]) {
    t.notOk(node.output().includes(trace), `the log does not hold ${trace}`);
    t.notOk(metrics.includes(trace), `the figures do not hold ${trace}`);
  }
});
