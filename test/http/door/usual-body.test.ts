// Which bodies the door reads by itself, and that it reads them as JSON does.

import fc from 'fast-check';
import t from 'tap';
import { usualBody } from '../../../src/http/door/usual-body.js';

const read = (text: string) => usualBody(Buffer.from(text));

t.test('a code alone, or with the checkpoint’s name in any language', async (t) => {
  t.same(read('{"code":"YM1:A B"}'), { code: 'YM1:A B', site: null });
  t.same(read('{"code": ""}'), { code: '', site: null });
  t.same(read('{"code":"YM2:A","site":"east gate"}'), { code: 'YM2:A', site: 'east gate' });
  t.same(read('{"code": "YM2:A", "site": "东门二号"}'), { code: 'YM2:A', site: '东门二号' });
  t.same(usualBody(Buffer.from('....{"code":"a"}'), 4), { code: 'a', site: null });
  t.equal(read(JSON.stringify({ code: 'a', site: '门'.repeat(64) }))?.site?.length, 64);
});

t.test('everything else is for the JSON parser', async (t) => {
  for (const text of [
    '',
    '{}',
    '{"code":"a"',
    '{"code":"}',
    '{"code":"张"}',
    '{"code":"a\\u0041"}',
    '{"code":"a","nonce":"AAAAAAAAAAA"}',
    '{"site":"e","code":"a"}',
    '{"code":"a","site":""}',
    '{"code":"a","site":"}',
    '{"code":"a","site":"e\\n"}',
    '{"code":"a","site":"e"f"}',
    JSON.stringify({ code: 'a', site: 'x'.repeat(65) }),
    JSON.stringify({ code: 'a', site: '门'.repeat(65) }),
  ]) {
    t.equal(read(text), null, text);
  }
  const invalid = Buffer.concat([Buffer.from('{"code":"a","site":"'), Buffer.of(0xff), Buffer.from('"}')]);
  t.equal(usualBody(invalid), null);
});

t.test('what is read is what JSON says', async (t) => {
  const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 40 }));
  fc.assert(
    fc.property(text, fc.option(text), fc.boolean(), (code, site, isRaw) => {
      const body = site === null ? { code } : { code, site };
      const written = isRaw && site !== null ? `{"code":"${code}","site":"${site}"}` : JSON.stringify(body);
      const found = read(written);
      if (found === null) return true;
      const parsed = JSON.parse(Buffer.from(written).toString('utf8')) as { code: string; site?: string };
      return found.code === parsed.code && found.site === (parsed.site ?? null);
    }),
    { numRuns: 500 },
  );
  t.pass('alike');
});
