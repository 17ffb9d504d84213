import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readPartnerKeys } from '../../../src/server/partners/keys-file.js';
import { privateFolder } from '../../support/open-node.js';

t.test('each issuer has its key, and without a file there is none', async (t) => {
  const path = join(privateFolder(t), 'keys.json');
  writeFileSync(path, '{"330105":"yk_1_abc","330106":"eyJ.x-y_z~+/=="}', { mode: 0o600 });
  t.same(
    [...readPartnerKeys(path)],
    [
      ['330105', 'yk_1_abc'],
      ['330106', 'eyJ.x-y_z~+/=='],
    ],
  );
  t.equal(readPartnerKeys(null).size, 0);
});

t.test(
  'a file that others may read, or of another form, is refused, and nothing of it repeated',
  async (t) => {
    const path = join(privateFolder(t), 'keys.json');
    const field = 'YIMA_PARTNER_KEYS_FILE';
    t.throws(() => readPartnerKeys(path), { code: 'config_invalid', field }, 'absent');
    const rows = [
      '',
      'secret',
      '[]',
      'null',
      '{"330105":1}',
      '{"330105":""}',
      '{"330105":"secret key"}',
      '{"330105":"secret\\r\\nx: y"}',
      `{"330105":"${'s'.repeat(600)}"}`,
      '{"a b":"secret"}',
      '{"330105":"secret","330105":"other"}',
    ];
    for (const text of rows) {
      writeFileSync(path, text, { mode: 0o600 });
      try {
        readPartnerKeys(path);
        t.fail(text);
      } catch (error) {
        t.match(error, { code: 'config_invalid', field }, text.slice(0, 30));
        t.notMatch((error as Error).message, 'secret');
      }
    }
    writeFileSync(path, '{"330105":"yk_1_abc"}');
    for (const mode of [0o640, 0o604, 0o622]) {
      chmodSync(path, mode);
      t.throws(() => readPartnerKeys(path), { code: 'key_file_unsafe' }, mode.toString(8));
    }
  },
);
