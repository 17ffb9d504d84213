// How long codes are: a complete credential of each kind as `YM1` and as JWS, in the symbol that each needs at level M.

import { createNodeSigner, generatePrivateJwk } from '../src/adapters/crypto-node.js';
import { qrMatrix } from '../src/adapters/qr.js';
import { KINDS } from '../src/core/credential/kind-table.js';
import { encodeYimaJws } from '../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../src/core/envelope/ym1.js';
import { createDevice } from '../test/support/device.js';
import { contentOf } from '../test/support/fixtures.js';
import type { Report } from './support/report.js';

/** As long as they get: the tenth list, an index of the last quarter. */
const STATUS = { list: 10, index: 2 ** 20 - 1, uri: 'https://codes.example/status-lists/10' };

/** The longest that a site may ask for. */
const NONCE = new Uint8Array(16).fill(0xff);

export function reportSizes(report: Report): void {
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const health = contentOf('health-code', { status: STATUS });
  const code = encodeYm1(health, signer);
  report('health_code_chars', code.length, 'characters');
  report('health_code_version', qrMatrix(code).version, 'QR version at level M');
  const device = createDevice();
  const bound = device.bind(signer, 'health-code', { status: STATUS });
  report('bound_chars', bound.length, 'characters');
  report('bound_version', qrMatrix(bound).version, 'QR version at level M');
  const live = device.present(bound);
  report('presentation_chars', live.length, 'characters');
  report('presentation_version', qrMatrix(live).version, 'QR version at level M');
  report(
    'presentation_nonce_chars',
    device.present(bound, undefined, NONCE).length,
    'characters, with a nonce',
  );
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
