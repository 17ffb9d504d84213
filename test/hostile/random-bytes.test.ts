// Properties: whatever bytes arrive, the app answers with a problem of the client's or with a decision that is not `admit`.

import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { bearer, buildTwinApp, published } from '../http/support/twin-deps.js';
import { issueRequest, openMemoryOffice } from '../support/office.js';
import { goodJws, goodYm1 } from './spoil.js';
import { createWorld } from './world.js';

const RUNS = { numRuns: 300 };
const world = createWorld();

/** Anything JSON, with names that mean something to engines and to us among the others. */
const anything = fc.jsonValue({ maxDepth: 5 });
const member = fc.constantFrom(
  'code',
  'kind',
  'region',
  'claims',
  'operator',
  'evidence',
  'forms',
  '__proto__',
  'toString',
  'x',
);
const object = fc.array(fc.tuple(member, anything), { maxLength: 6 });

const text = ({ code }: { readonly code: string }): string => JSON.stringify({ code });

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 200 }).map((each) => Buffer.from(each)),
  anything.map((value) => Buffer.from(JSON.stringify(value))),
  object.map((members) =>
    Buffer.from(`{${members.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join()}}`),
  ),
  fc.record({ code: fc.string({ unit: 'binary', maxLength: 300 }) }).map((each) => Buffer.from(text(each))),
);

function post(url: string, payload: Buffer): InjectOptions {
  return {
    method: 'POST',
    url,
    headers: { ...bearer('verify', 'issue', 'revoke', 'admin'), 'content-type': 'application/json' },
    payload,
  };
}

t.test('any body to POST /v1/verify', async (t) => {
  const app = await buildTwinApp(t, { verify: (code) => world.gate.verify(code) });
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const response = await app.inject(post('/v1/verify', body));
      const { decision } = response.json();
      return response.statusCode === 200
        ? decision !== 'admit'
        : response.statusCode >= 400 && response.statusCode < 500;
    }),
    RUNS,
  );
  t.pass('none crashed it');
});

t.test('any byte changed in a good request', async (t) => {
  const app = await buildTwinApp(t, { verify: (code) => world.gate.verify(code) });
  const good = [goodYm1(world), goodJws(world)].map((code) => Buffer.from(text({ code })));
  const change = fc.record({
    body: fc.constantFrom(...good),
    at: fc.nat(800),
    to: fc.integer({ min: 0, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ body, at, to }) => {
      const changed = Buffer.from(body);
      changed[at % changed.length] = to;
      const response = await app.inject(post('/v1/verify', changed));
      if (changed.equals(body)) return response.json().decision === 'admit';
      return response.statusCode === 200 ? response.json().decision !== 'admit' : response.statusCode === 400;
    }),
    RUNS,
  );
  t.pass('none was admitted');
});

t.test('any body to the other doors', async (t) => {
  const { registry } = await openMemoryOffice();
  const app = await buildTwinApp(t, { registry: published(registry), kinds: KINDS });
  const door = fc.constantFrom(
    '/v1/credentials',
    `/v1/credentials/${'a'.repeat(26)}/status`,
    '/v1/api-keys',
    '/v1/keys/rotate',
    '/demo/credentials',
    '/nowhere',
  );
  await fc.assert(
    fc.asyncProperty(door, bodies, async (url, body) => {
      const { statusCode } = await app.inject(post(url, body));
      return statusCode < 500;
    }),
    RUNS,
  );
  t.pass('none crashed it');
});

t.test('any claims in a sound request', async (t) => {
  const { registry } = await openMemoryOffice();
  const app = await buildTwinApp(t, { registry: published(registry), kinds: KINDS });
  const kind = fc.constantFrom(...KINDS.all.map(({ name }) => name));
  const values = fc.oneof(anything, fc.string({ unit: 'binary', maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(kind, fc.nat(), values, async (name, at, value) => {
      const request = issueRequest(name);
      const names = Object.keys(request.claims);
      const claims = { ...request.claims, [names[at % names.length] ?? '']: value };
      const body = Buffer.from(JSON.stringify({ ...request, claims }));
      const { statusCode } = await app.inject(post('/v1/credentials', body));
      return statusCode === 201 || statusCode === 422 || statusCode === 400;
    }),
    RUNS,
  );
  t.pass('each was issued or refused');
});
