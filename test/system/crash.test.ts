// kill -9 in the middle of issuing and revoking, again and again: what was acknowledged is there, and the log holds.

import t from 'tap';
import { dataFolder, freePorts, runYima, startNode } from '../support/node-process.js';
import { type Client, createClient } from './support/client.js';

const ROUNDS = 4;
const DESKS = 6;
const MOST_DELAY_MS = 400;

interface Ledger {
  /** id -> code */
  readonly issued: Map<string, string>;
  readonly revoked: Set<string>;
  /** A revocation was asked for and nobody knows its end. */
  readonly doubtful: Set<string>;
  /** Idempotency keys that were sent -> the acknowledged id, null without an answer. */
  readonly sent: Map<string, string | null>;
}

/** Issues and revokes until the connection breaks, and writes down what was acknowledged. */
async function work(desk: string, client: Client, ledger: Ledger, begun: () => void): Promise<void> {
  for (let n = 0; ; n++) {
    const key = `${desk}-${n}`;
    ledger.sent.set(key, null);
    try {
      const { id, encodings } = await client.issue(key);
      ledger.sent.set(key, id);
      ledger.issued.set(id, encodings[0].code);
      begun();
      if (n % 3 !== 0) continue;
      ledger.doubtful.add(id);
      await client.revoke(id);
      ledger.revoked.add(id);
      ledger.doubtful.delete(id);
    } catch {
      return;
    }
  }
}

t.test('nothing acknowledged is lost', async (t) => {
  const dataDir = dataFolder(t);
  const limits = { YIMA_RATE_LIMIT_PER_MINUTE: '0', YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0' };
  const settings = { ...(await freePorts()), ...limits, YIMA_STATUS_LIST_ENTRIES: '4096' };
  const ledger: Ledger = { issued: new Map(), revoked: new Set(), doubtful: new Set(), sent: new Map() };

  for (let round = 0; round < ROUNDS; round++) {
    const node = await startNode(t, dataDir, settings);
    const client = createClient(node, dataDir);
    const delayMs = Math.floor(Math.random() * MOST_DELAY_MS);
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const desks = Array.from({ length: DESKS }, (_, i) => work(`r${round}d${i}`, client, ledger, begin));
    await begun;
    setTimeout(() => node.signal('SIGKILL'), delayMs);
    await Promise.all([...desks, node.ended]);
    t.comment(
      `round ${round}: killed ${delayMs} ms after the first answer, ${ledger.issued.size} issued so far`,
    );
  }

  const node = await startNode(t, dataDir, settings);
  const client = createClient(node, dataDir);
  const wrong: string[] = [];
  for (const [id, code] of ledger.issued) {
    const found = await client.find(id);
    const verdict = await client.verify(code);
    const isRevoked = verdict === 'refuse/revoked';
    const expected = ledger.doubtful.has(id) || isRevoked === ledger.revoked.has(id);
    const isKnown = found.encodings[0].code === code && (isRevoked || verdict === 'admit/ok');
    if (!isKnown || !expected || (found.state === 'revoked') !== isRevoked) wrong.push(`${id} ${verdict}`);
  }
  t.ok(ledger.issued.size >= ROUNDS, 'something was acknowledged in each round');
  t.strictSame(wrong, [], 'each credential is as it was acknowledged');

  for (const [key, acknowledged] of ledger.sent) {
    const { id } = await client.issue(key);
    if (acknowledged !== null && id !== acknowledged) wrong.push(`${key} gave ${acknowledged}, then ${id}`);
    if ((await client.issue(key)).id !== id) wrong.push(`${key} issued twice`);
  }
  t.strictSame(wrong, [], 'who sends a request again gets the same credential');

  const whileRunning = runYima(['log', 'verify', '--json'], dataDir, { settings });
  t.match(JSON.parse(whileRunning.out), { ok: true, brokenAt: null }, 'the log holds');
  node.signal('SIGTERM');
  t.equal(await node.ended, 0);
  const alone = runYima(['log', 'verify', '--json'], dataDir, { settings });
  t.strictSame([alone.code, JSON.parse(alone.out)], [0, JSON.parse(whileRunning.out)], 'and at rest too');
});
