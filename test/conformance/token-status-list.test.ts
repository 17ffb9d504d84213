import t from 'tap';
import { inflateZlib } from '../../src/adapters/crypto-node.js';
import { decodeBase64url } from '../../src/core/codec/base64url.js';
import { getStatus } from '../../src/core/status/packed.js';
import { sharedFile } from '../support/shared.js';
import { tokenStatusList } from './token-status-list.js';

const file = sharedFile('token-status-list.json');
const skip = file === undefined ? 'the folder of published vectors is absent (10 cases)' : false;

t.test('every printed encoding decodes to what the draft says', { skip }, async (t) => {
  const { passed, failed, skipped, lines } = await tokenStatusList(file ?? '{}');
  t.strictSame({ passed, failed, skipped, lines }, { passed: 10, failed: 0, skipped: 0, lines: [] });
});

t.test('the long 1-bit list has its eleven statuses where Appendix C puts them', { skip }, (t) => {
  const printed =
    (JSON.parse(file ?? '{}') as Record<string, string>)['status_list_encoding1_long_json'] ?? '';
  const { lst } = JSON.parse(printed.replace(/\n\s*/g, '')) as { lst: string };
  const bytes = inflateZlib(decodeBase64url(lst), 2 ** 17);
  const set: number[] = [];
  for (let index = 0; index < 2 ** 20; index++) if (getStatus(bytes, 1, index) === 1) set.push(index);
  t.strictSame(set, [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345]);
  t.end();
});

t.test('a file with a wrong encoding fails, and one with an unknown shape says so', async (t) => {
  const wrong = 'byte_array = [0xb9, 0xa4] \nencoded:\n{\n  "bits": 1,\n  "lst": "eNrbuRgAAhcBXQ"\n}';
  const truncated = '{\n  "bits": 1,\n  "lst": "eNrbuRgAAhc"\n}';
  const result = await tokenStatusList(JSON.stringify({ wrong, truncated, other: 'text', count: 5 }));
  t.equal(result.passed, 0);
  t.equal(result.failed, 2);
  t.equal(result.skipped, 2);
  t.match(result.lines[0], /^wrong failed: the encoded list does not decode/);
});
