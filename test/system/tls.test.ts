// HTTPS as a person starts it: what is printed, several processes, a certificate that changes under way, and starts that are refused.

import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import t from 'tap';
import { dataFolder, freePorts, runYima, spawnNode } from '../support/node-process.js';
import { until } from '../support/until.js';

const SERVING = 'Yima serves on https://';
t.setTimeout(150_000);

function status(url: string, ca: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

function serial(port: string, ca: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', ca }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

for (const workers of ['1', '2']) {
  t.test(`with ${workers} process(es) serving`, async (t) => {
    const dataDir = dataFolder(t);
    const settings = {
      ...(await freePorts()),
      YIMA_TLS: 'self',
      WORKERS: workers,
      YIMA_SHUTDOWN_GRACE_SECONDS: '0',
    };
    const node = spawnNode(dataDir, settings);
    t.teardown(async () => {
      node.signal('SIGKILL');
      await node.ended;
    });
    await node.says(SERVING);
    await node.says('For phones in this network start it with HOST=0.0.0.0 YIMA_TLS=self');
    const port = new URL(node.url).port;
    const ca = readFileSync(join(dataDir, 'tls', 'ca-cert.pem'));
    for (let i = 0; i < 6; i++) t.equal(await status(`https://127.0.0.1:${port}/v1/kinds`, ca), 200);
    t.equal(await status(`https://127.0.0.1:${port}/certificate/yima-ca.crt`, ca), 200, 'for phones');
    t.equal(
      await (await fetch(`${node.adminUrl}/health/ready`)).status,
      200,
      'the operator’s port is as it was',
    );
    t.match(runYima(['log', 'show'], dataDir, { settings }), { code: 0 }, 'and so are commands');

    const before = await serial(port, ca);
    rmSync(join(dataDir, 'tls', 'cert.pem'));
    node.signal('SIGHUP');
    await node.says('were read again');
    await until('every process shows the new certificate', async () => {
      const serials = await Promise.all(Array.from({ length: 8 }, () => serial(port, ca)));
      return serials.every((each) => each !== before);
    });
    node.signal('SIGTERM');
    t.equal(await node.ended, 0);

    chmodSync(join(dataDir, 'tls', 'key.pem'), 0o644);
    const refused = runYima(['serve'], dataDir, { settings });
    t.match(refused, { code: 1, talk: /^yima: Others may read .*key\.pem/ });
    t.notMatch(refused.out, 'serves');
  });
}

t.test('files that are not there stop the start', async (t) => {
  const settings = { ...(await freePorts()), YIMA_TLS: '/nowhere/cert.pem,/nowhere/key.pem' };
  t.match(runYima(['serve'], dataFolder(t), { settings }), {
    code: 1,
    talk: /nowhere\/cert\.pem cannot be read/,
  });
  const half = runYima(['serve'], dataFolder(t), {
    settings: { ...settings, YIMA_TLS: '/nowhere/cert.pem' },
  });
  t.match(half, { code: 1, talk: /YIMA_TLS: expected self, or the files/ });
});
