import t from 'tap';
import { buildTwinApp } from './support/twin-deps.js';

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly security?: readonly Record<string, unknown>[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Record<string, unknown> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, unknown> }
  >;
}

/** Every route, its security, and whether it takes a body. */
const OPERATIONS: [string, 'key' | 'optional' | 'public' | 'token' | 'device', boolean][] = [
  ['post /v1/verify', 'key', true],
  ['post /v1/verify/batch', 'key', true],
  ['post /v1/verify/short-id', 'key', true],
  ['post /v1/credentials', 'key', true],
  ['get /v1/credentials/{id}', 'key', false],
  ['get /v1/credentials/{id}/qr.svg', 'key', false],
  ['get /v1/credentials/{id}/qr.png', 'key', false],
  ['get /v1/credentials/{id}/encodings/{n}/card.html', 'key', false],
  ['get /v1/credentials/{id}/encodings/{n}/a4.html', 'key', false],
  ['post /v1/papers/lost', 'key', true],
  ['get /v1/held-issues/{id}', 'key', false],
  ['post /v1/held-issues/{id}/credential', 'key', false],
  ['post /v1/translations', 'key', true],
  ['post /v1/credentials/{id}/status', 'key', true],
  ['post /v1/credentials/{id}/encodings', 'key', true],
  ['post /v1/credentials/{id}/offers', 'key', true],
  ['delete /v1/credentials/{id}/offers/{offer}', 'key', false],
  ['get /.well-known/openid-credential-issuer', 'public', false],
  ['get /.well-known/oauth-authorization-server', 'public', false],
  ['get /.well-known/jwt-vc-issuer', 'public', false],
  ['get /openid4vci/offers/{code}', 'public', false],
  ['post /openid4vci/nonce', 'public', false],
  ['post /openid4vci/token', 'public', true],
  ['post /openid4vci/credential', 'token', true],
  ['get /holder/credentials', 'device', false],
  ['post /holder/credentials/{id}/refresh', 'device', false],
  ['get /holder/credentials/{id}/history', 'device', false],
  ['post /holder/credentials/{id}/appeals', 'device', true],
  ['post /v1/proposals', 'key', true],
  ['get /v1/proposals', 'key', false],
  ['get /v1/proposals/{id}', 'key', false],
  ['post /v1/proposals/{id}/decision', 'key', true],
  ['post /v1/revocations', 'key', true],
  ['get /v1/revocations/{id}', 'key', false],
  ['get /v1/colour-rules', 'key', false],
  ['post /v1/colour-rules/{rule}/invocations', 'key', true],
  ['get /v1/credentials/{id}/record', 'key', false],
  ['post /v1/credentials/{id}/appeals', 'key', true],
  ['get /v1/appeals', 'key', false],
  ['post /v1/appeals/{id}/decision', 'key', true],
  ['get /v1/kinds', 'public', false],
  ['get /.well-known/jwks.json', 'public', false],
  ['get /status-lists/{list}', 'optional', false],
  ['get /status-lists', 'public', false],
  ['get /problems/{code}', 'public', false],
  ['post /v1/api-keys', 'key', true],
  ['get /v1/api-keys', 'key', false],
  ['post /v1/api-keys/{id}/rotation', 'key', true],
  ['post /v1/api-keys/{id}/confirmation', 'key', false],
  ['delete /v1/api-keys/{id}', 'key', false],
  ['post /v1/sites', 'key', true],
  ['get /v1/sites', 'key', false],
  ['delete /v1/sites/{id}', 'key', false],
  ['post /scan/enrolment', 'public', true],
  ['get /scan/knowledge', 'key', false],
  ['post /scan/overrides', 'key', true],
  ['get /v1/log', 'key', false],
  ['get /v1/log/check', 'key', false],
  ['get /v1/log/head', 'key', false],
  ['post /v1/log/head/check', 'key', true],
  ['post /v1/log/restore', 'key', true],
  ['get /v1/keys', 'key', false],
  ['post /v1/keys/rotate', 'key', true],
  ['post /v1/keys/announce', 'key', true],
  ['post /v1/keys/{kid}/reissue', 'key', true],
  ['get /health/live', 'public', false],
  ['get /health/ready', 'public', false],
  ['post /demo/credentials', 'public', true],
  ['get /demo/credentials/{id}', 'public', false],
  ['get /demo/credentials/{id}/qr.svg', 'public', false],
  ['post /demo/credentials/{id}/level', 'public', true],
  ['post /demo/credentials/{id}/revoke', 'public', true],
  ['post /demo/verify', 'public', true],
  ['get /demo/samples', 'public', false],
];

/** Refused in the words of OAuth, which wallets read. */
const OAUTH: ReadonlySet<string> = new Set(['post /openid4vci/token', 'post /openid4vci/credential']);

t.test('the document names every route, with its key, body and problems', async (t) => {
  const app = await buildTwinApp(t);
  const response = await app.inject('/openapi.json');
  t.equal(response.headers['access-control-allow-origin'], '*');
  const document = response.json();
  t.match(document, {
    openapi: '3.1.0',
    info: { title: 'Yima', version: String },
    servers: [{ url: 'https://yima.test' }],
  });
  const found = new Map<string, Operation>();
  for (const [path, methods] of Object.entries<Record<string, Operation>>(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) found.set(`${method} ${path}`, operation);
  }
  t.same([...found.keys()].sort(), OPERATIONS.map(([name]) => name).sort());
  const tags = new Set(document.tags.map(({ name }: { name: string }) => name));

  for (const [name, security, body] of OPERATIONS) {
    const operation = found.get(name);
    if (operation === undefined) continue;
    const expected = {
      key: [{ apiKey: [] }],
      optional: [{}, { apiKey: [] }],
      public: undefined,
      token: [{ accessToken: [] }],
      device: [{ deviceProof: [] }],
    }[security];
    t.same(operation.security, expected, `${name} security`);
    t.equal(operation.requestBody !== undefined, body, `${name} body`);
    t.ok(
      operation.summary !== undefined && operation.tags?.every((tag) => tags.has(tag)),
      `${name} summary, tag`,
    );
    t.ok(operation.responses['500'] !== undefined, `${name} problems`);
    if (security !== 'public' && security !== 'optional')
      t.ok(operation.responses['401'] !== undefined, `${name} 401`);
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      t.ok(description.length > 0, `${name} ${status} description`);
      const readiness = name === 'get /health/ready' && status === '503';
      const refusal = OAUTH.has(name) ? 'application/json' : 'application/problem+json';
      if (Number(status) >= 400 && !readiness)
        t.same(Object.keys(content ?? {}), [refusal], `${name} ${status}`);
    }
    const pathNames = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    t.same(
      declared.map((parameter) => parameter.name),
      pathNames,
      `${name} path parameters`,
    );
  }
});

t.test('OpenAPI 3.1: schemas are JSON Schema, closed, without the keywords of 3.0', async (t) => {
  const app = await buildTwinApp(t);
  const document = (await app.inject('/openapi.json')).json();
  const open: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Record<string, unknown>;
    if ('nullable' in node && typeof node['nullable'] === 'boolean') t.fail(`${path} uses nullable`);
    const isObject =
      node['type'] === 'object' || (Array.isArray(node['type']) && node['type'].includes('object'));
    if (isObject && node['properties'] !== undefined && node['additionalProperties'] !== false)
      open.push(path);
    for (const [name, child] of Object.entries(node)) visit(child, `${path}/${name}`);
  };
  visit(document.paths, '');
  t.same(open, []);
});

t.test('its version is the package’s', async (t) => {
  const app = await buildTwinApp(t, {}, { version: '1.2.3' });
  t.equal((await app.inject('/openapi.json')).json().info.version, '1.2.3');
});

t.test('the page that shows it needs no other host', async (t) => {
  const app = await buildTwinApp(t);
  const page = await app.inject('/docs/');
  t.equal(page.statusCode, 200);
  t.match(page.headers['content-security-policy'], "default-src 'none'");
  const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
  t.ok(links.length > 3);
  for (const link of links) {
    t.notMatch(link, /^(?:https?:)?\/\//, link);
    t.equal((await app.inject(new URL(link, 'http://x/docs/').pathname)).statusCode, 200, link);
  }
});
