import t from 'tap';
import { columns, languageOf, printable, printableJson } from '../../src/cli/language.js';

t.test('Chinese where the locale is Chinese, English elsewhere', (t) => {
  t.equal(languageOf({ LANG: 'zh_CN.UTF-8' }), 'zh-CN');
  t.equal(languageOf({ LANG: 'zh_TW.UTF-8' }), 'zh-CN');
  t.equal(languageOf({ LANG: 'de_DE.UTF-8' }), 'en');
  t.equal(languageOf({}), 'en');
  t.equal(languageOf({ LC_ALL: '', LANG: 'zh_CN' }), 'zh-CN');
  t.equal(languageOf({ LC_ALL: 'C', LANG: 'zh_CN' }), 'en', 'LC_ALL decides');
  t.end();
});

t.test('text from outside cannot steer the terminal', (t) => {
  t.equal(printable('a\u001b[31mb\nc\u202ed\u009be\u200b'), 'a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffd');
  t.equal(printable('张*三 €'), '张*三 €');
  const value = { name: 'x\u001b[0m\u009b\u202e\u2028\ufeff\n' };
  const json = printableJson(value);
  t.notMatch(json, /[\p{C}\p{Zl}\p{Zp}]/u);
  t.same(JSON.parse(json), value, 'and JSON keeps its value');
  t.end();
});

t.test('columns align where ideographs take two places', (t) => {
  t.equal(columns([['姓名', 'a'], ['id', 'bc'], ['x']]), '姓名  a\nid    bc\nx\n');
  t.end();
});
