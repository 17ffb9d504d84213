// How long codes are: a complete credential of each kind as `YM1` and as JWS, in the symbol that each needs at level M.

import { createNodeSigner, generatePrivateJwk } from '../src/adapters/crypto-node.js';
import { qrMatrix } from '../src/adapters/qr.js';
import { KINDS } from '../src/core/credential/kind-table.js';
import type { CodeContent } from '../src/core/envelope/code-content.js';
import { encodeYimaJws } from '../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../src/core/envelope/ym1.js';
import { contentOf } from '../test/support/fixtures.js';
import type { Report } from './support/report.js';

/** As long as they get: the tenth list, an index of the last quarter. */
const STATUS = { list: 10, index: 2 ** 20 - 1, uri: 'https://codes.example/status-lists/10' };

export function reportSizes(report: Report): void {
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const device = createNodeSigner(generatePrivateJwk('ES256')).publicKey;
  const health = contentOf('health-code', { status: STATUS });
  const code = encodeYm1(health, signer);
  report('health_code_chars', code.length, 'characters');
  report('health_code_version', qrMatrix(code).version, 'QR version at level M');
  if (device.algorithm === 'ES256') {
    const bound: CodeContent = { ...health, deviceKey: { ...device, algorithm: 'ES256' } };
    report('bound_chars', encodeYm1(bound, signer).length, 'characters');
  }
  for (const { name } of KINDS.all) {
    const content = contentOf(name, { status: STATUS });
    for (const [form, text] of [
      ['ym1', encodeYm1(content, signer)],
      ['jws', encodeYimaJws(content, signer)],
    ] as const) {
      const metric = `${name}_${form}`;
      report(`${metric}_chars`, text.length, 'characters');
      report(
        `${metric}_bytes`,
        form === 'ym1' ? Math.floor(((text.length - 4) * 2) / 3) : text.length,
        'bytes',
      );
      report(`${metric}_version`, versionOf(text), 'QR version at level M; 0: none holds it');
    }
  }
}

function versionOf(text: string): number {
  try {
    return qrMatrix(text).version;
  } catch {
    return 0;
  }
}
