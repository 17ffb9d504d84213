import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { connectLocal, type OpenedNode } from '../../src/cli/local-client.js';
import { loadConfig } from '../../src/config.js';
import { YimaError } from '../../src/core/errors/yima-error.js';

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'yima-cli-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A folder in which a node has been. */
function nodeFolder(t: Test): string {
  const path = folder(t);
  writeFileSync(join(path, 'yima.db'), '');
  return path;
}

const configOf = (dataDir: string) => loadConfig({ YIMA_DATA_DIR: dataDir });

async function listen(t: Test, path: string, server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => server.close());
}

const echo = () =>
  createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          method: request.method,
          url: request.url,
          type: request.headers['content-type'],
          body,
        }),
      );
    });
  });

const locked = async (): Promise<OpenedNode> => {
  throw new YimaError('data_locked', 'Process 1 is using the data folder.');
};

function opened(onClose: () => void): OpenedNode {
  return {
    localApp: {
      inject: async ({ method, url, payload }) => ({
        statusCode: 201,
        headers: { 'content-type': 'application/json' },
        rawPayload: Buffer.from(`${method} ${url} ${payload ?? ''}`),
      }),
    },
    close: async () => onClose(),
  };
}

t.test('a running node is asked through its socket, and its folder is left alone', async (t) => {
  const dataDir = folder(t);
  await listen(t, join(dataDir, 'yima.sock'), echo());
  const client = await connectLocal(configOf(dataDir), { openNode: locked });
  t.equal(client.via, 'socket');
  const { status, contentType, body } = await client.request({
    method: 'POST',
    path: '/v1/verify',
    body: { code: '码' },
  });
  t.equal(status, 200);
  t.equal(contentType, 'application/json');
  t.same(JSON.parse(body), {
    method: 'POST',
    url: '/v1/verify',
    type: 'application/json',
    body: '{"code":"码"}',
  });
  const read = await client.request({ method: 'GET', path: '/v1/kinds' });
  t.notOk(JSON.parse(read.body).type, 'no body, no type');
  await client.close();
});

t.test('without a socket the node is opened here and closed again', async (t) => {
  let closed = 0;
  const client = await connectLocal(configOf(nodeFolder(t)), {
    openNode: async () => opened(() => closed++),
  });
  t.equal(client.via, 'process');
  const answer = await client.request({ method: 'DELETE', path: '/v1/api-keys/a' });
  t.same(answer, { status: 201, contentType: 'application/json', body: 'DELETE /v1/api-keys/a ' });
  await client.close();
  t.equal(closed, 1);
});

t.test('a folder without a node is refused, and nothing is made in it', async (t) => {
  const empty = folder(t);
  const absent = join(empty, 'data');
  const openNode = async () => t.fail('nothing is opened') as never;
  for (const dataDir of [empty, absent]) {
    await t.rejects(connectLocal(configOf(dataDir), { openNode }), {
      code: 'not_found',
      message: /no node in .*yima serve once.*YIMA_DATA_DIR/,
    });
  }
  t.same(readdirSync(empty), []);
  t.notOk(existsSync(absent));
});

t.test('a socket that a killed node left behind is no running node', async (t) => {
  const dataDir = nodeFolder(t);
  const path = join(dataDir, 'yima.sock');
  writeFileSync(path, '');
  const client = await connectLocal(configOf(dataDir), { openNode: async () => opened(() => {}) });
  t.equal(client.via, 'process');
});

t.test('a locked folder whose holder never answers is told so, naming both', async (t) => {
  const dataDir = nodeFolder(t);
  const error = await connectLocal(configOf(dataDir), { openNode: locked, waitMs: 0 }).catch(
    (caught) => caught,
  );
  t.match(error, { code: 'data_locked', message: /yima\.sock.*Process 1/ });
});

t.test('a node that is still starting is waited for', async (t) => {
  const dataDir = nodeFolder(t);
  let tries = 0;
  const openNode = async (): Promise<OpenedNode> => {
    tries += 1;
    if (tries === 1) await listen(t, join(dataDir, 'yima.sock'), echo());
    return locked();
  };
  const client = await connectLocal(configOf(dataDir), { openNode });
  t.equal(client.via, 'socket');
});

t.test('a node that dies in the middle is no answer', async (t) => {
  const dataDir = folder(t);
  const server = createServer((request, response) => {
    if (request.url === '/health/live') response.end();
    else request.socket.destroy();
  });
  await listen(t, join(dataDir, 'yima.sock'), server);
  const client = await connectLocal(configOf(dataDir), { openNode: locked });
  await t.rejects(client.request({ method: 'GET', path: '/v1/log' }), { code: 'unavailable' });
});

t.test('any other failure to open is passed on', async (t) => {
  const openNode = async (): Promise<OpenedNode> => {
    throw new YimaError('schema_newer', 'A newer version has used it.');
  };
  await t.rejects(connectLocal(configOf(nodeFolder(t)), { openNode }), { code: 'schema_newer' });
});
