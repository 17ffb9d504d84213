// A hub and two provinces, each a real node: one's codes pass at the other as far as the lists say and no further, a revocation at the
// hub is refused at the other gate at once, and a new key takes over without one refused code.

import t, { type Test } from 'tap';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import type { JsonObject } from '../../src/core/codec/json.js';
import { parsePublicJwk } from '../../src/core/signature/public-jwk.js';
import { thumbprint } from '../../src/core/signature/thumbprint.js';
import type { SignedDocument } from '../../src/core/trust/documents/signed-document.js';
import {
  dataFolder,
  freePorts,
  type NodeProcess,
  runYima,
  type Settings,
  startNode,
} from '../support/node-process.js';
import { sampleClaims } from '../support/sample-claims.js';
import {
  authorityEntry,
  deskKeys,
  listPayload,
  nextVersion,
  rootPayload,
  sign,
} from '../support/trust-desk.js';
import { until } from '../support/until.js';
import { createClient } from './support/client.js';

const [ROOT, HUB, A, B] = [deskKeys(2), deskKeys(2), deskKeys(2), deskKeys(2)];
const NOW = Math.floor(Date.now() / 1000) - 5;
const TIMES = { iat: NOW, exp: NOW + 90 * 86_400 };
const root = sign('root', { ...rootPayload(ROOT, HUB), ...TIMES }, ROOT);

interface Member {
  readonly node: NodeProcess;
  readonly dataDir: string;
  readonly settings: Settings;
}

async function startMember(t: Test, more: Settings): Promise<Member> {
  const dataDir = dataFolder(t);
  const ports = await freePorts();
  const settings = {
    ...ports,
    YIMA_PUBLIC_URL: `http://127.0.0.1:${ports['PORT']}`,
    YIMA_DEMO: 'on',
    YIMA_TRUST_PIN: root.hash,
    YIMA_PARTNER_LISTS: 'auto',
    YIMA_PARTNER_PRIVATE: 'on',
    YIMA_STATUS_TTL_SECONDS: '1',
    ...more,
  };
  return { node: await startNode(t, dataDir, settings), dataDir, settings };
}

async function put({ node }: Member, document: SignedDocument): Promise<JsonObject> {
  const { type, payload, text } = document;
  const path = type === 'root' ? '/trust/root' : `/trust/lists/${String(payload['iss'])}`;
  const headers = { 'content-type': 'application/jose+json' };
  const response = await fetch(`${node.url}${path}`, { method: 'PUT', headers, body: text });
  const answer = (await response.json()) as JsonObject;
  if (response.status !== 200) throw new Error(JSON.stringify(answer));
  return answer;
}

interface PublishedKey {
  readonly kid: string;
  readonly purpose: string;
  readonly state: string;
}

/** The keys of a node as its authority lists them. */
async function entriesOf({ node, settings }: Member, sub: string): Promise<readonly JsonObject[]> {
  const { keys } = (await (await fetch(`${node.url}/.well-known/jwks.json`)).json()) as {
    keys: readonly (PublishedKey & JsonObject)[];
  };
  return keys.map(({ kid: _kid, use: _use, purpose, state: _state, nbf: _nbf, exp: _exp, ...jwk }) => ({
    sub,
    format: 'yima',
    keys: [jwk],
    use: purpose,
    scope: { region: sub, kinds: null },
    nbf: null,
    exp: null,
    state: 'active',
    statusBase: `${settings['YIMA_PUBLIC_URL']}/status-lists/`,
  }));
}

interface Issued {
  readonly code: string;
  readonly kid: string;
}

const issue = async (member: Member, key: string, kind = 'business-licence'): Promise<Issued> => {
  const client = createClient(member.node, member.dataDir);
  const body = { kind, region: '330102', claims: sampleClaims(kind), operator: 'desk-1', evidence: 'case-1' };
  const response = await client.send('/v1/credentials', body, { 'idempotency-key': key });
  const answer = (await response.json()) as { encodings?: readonly Issued[] };
  const issued = answer.encodings?.[0];
  if (issued === undefined) throw new Error(JSON.stringify(answer));
  return issued;
};

t.test('a hub and two provinces', async (t) => {
  const hub = await startMember(t, { YIMA_ISSUER: 'cn.example', YIMA_REGION: '', YIMA_TRUST_HUB: 'on' });
  const sources = { YIMA_TRUST_SOURCES: hub.node.url };
  const a = await startMember(t, { ...sources, YIMA_ISSUER: '33', YIMA_REGION: '33' });
  const b = await startMember(t, { ...sources, YIMA_ISSUER: '34', YIMA_REGION: '34' });
  const gate = createClient(b.node, b.dataDir);
  const before = {
    vehicle: await issue(a, 'outside kind', 'vehicle-licence'),
    licence: await issue(a, 'before'),
  };
  t.equal(await gate.verify(before.licence.code), 'refuse/issuer_unknown', 'nobody has vouched for it');

  const kinds = ['business-licence'];
  const base = (member: Member): string => `${member.settings['YIMA_PUBLIC_URL']}/`;
  const hubList = sign(
    'list',
    {
      ...listPayload('cn.example', [
        authorityEntry('33', A, { scope: { region: '33', kinds, depth: 2 }, statusBase: base(a) }),
        authorityEntry('34', B, { statusBase: base(b) }),
      ]),
      ...TIMES,
    },
    HUB,
  );
  const aList = sign('list', { ...listPayload('33', await entriesOf(a, '33')), ...TIMES }, A);
  const bList = sign('list', { ...listPayload('34', await entriesOf(b, '34')), ...TIMES }, B);
  for (const document of [root, hubList, aList, bList]) await put(hub, document);

  const judged = (what: string, { code }: Issued, wanted: string): Promise<void> =>
    until(what, async () => (await gate.verify(code)) === wanted);
  await judged("the other province's code passes", before.licence, 'admit/ok');
  t.equal(
    await gate.verify(before.vehicle.code),
    'refuse/issuer_out_of_scope',
    'a kind that it was not given',
  );
  let tries = 0;
  await until('the province itself signs no more of them', async () => {
    tries += 1;
    return issue(a, `again ${tries}`, 'vehicle-licence').then(
      () => false,
      (error: Error) => error.message.includes('issuer_out_of_scope'),
    );
  });
  await judged('its own gate agrees', await issue(a, 'after'), 'admit/ok');

  const seen: string[] = [];
  const codes: Issued[] = [];
  runYima(['keys', 'rotate', 'credential-long', '--fresh', '--yes'], a.dataDir, { settings: a.settings });
  codes.push(await issue(a, 'before the list'));
  const listed = aList.payload['entries'] as readonly JsonObject[];
  const known = new Set(listed.map(({ keys }) => JSON.stringify(keys)));
  const added = (await entriesOf(a, '33')).filter(({ keys }) => !known.has(JSON.stringify(keys)));
  t.ok(added.length > 0, 'a fresh key is one that no list names');
  const rolled = sign('list', nextVersion(aList, { entries: [...listed, ...added], iat: NOW + 1 }), A);
  await put(hub, rolled);
  for (let n = 0; n < 40; n++) {
    const issued = await issue(a, `rolling ${n}`);
    codes.push(issued);
    await until('it is judged', async () => {
      const verdict = await gate.verify(issued.code);
      if (verdict !== 'indeterminate/status_unknown') seen.push(verdict);
      return verdict !== 'indeterminate/status_unknown';
    });
  }
  const kids = new Set(codes.map(({ kid }) => kid));
  t.same([...new Set(seen)], ['admit/ok'], 'not one code was refused on the way');
  t.equal(kids.size, 2, 'and the new key signs');

  const last = codes.at(-1) ?? before.licence;
  const revoked = [{ key: thumbprintOf(rolled, last.kid), at: NOW, reason: 'stolen' }];
  const asked = performance.now();
  await put(hub, sign('list', nextVersion(hubList, { revoked, iat: NOW + 2 }), HUB));
  await judged('what the stolen key signed is refused', last, 'refuse/key_revoked');
  t.comment(`refused at the other province after ${Math.round(performance.now() - asked)} ms`);
  t.equal(await gate.verify(before.licence.code), 'admit/ok', 'what the other key signed stands');

  const { members } = (await (await fetch(`${hub.node.url}/trust/members`)).json()) as {
    members: readonly { authority: string; through: string; seen: object | null }[];
  };
  t.match(
    members.find(({ authority }) => authority === '34'),
    { through: 'cn.example', seen: { authority: 'root', version: 1 } },
    'the hub knows who runs what',
  );
});

/** The thumbprint of the listed key that codes call so. */
function thumbprintOf({ payload }: SignedDocument, kid: string): string {
  const entries = payload['entries'] as readonly { readonly keys: readonly JsonObject[] }[];
  const prints = entries.flatMap(({ keys }) =>
    keys.map((jwk) => encodeBase64url(thumbprint(parsePublicJwk(jwk), sha256))),
  );
  const found = prints.find((print) => kidOf(print) === kid);
  if (found === undefined) throw new Error(`No entry has ${kid}.`);
  return found;
}

function kidOf(print: string): string {
  return Buffer.from(print, 'base64url').subarray(0, 8).toString('base64url');
}
