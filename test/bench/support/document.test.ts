// Figures are written between their markers and nowhere else.

import t from 'tap';
import { markdownTable, withSections } from '../../../bench/support/document.js';

const DOCUMENT = 'before\n<!-- a -->\nold\n<!-- /a -->\nbetween\n<!-- b -->\n<!-- /b -->\nafter\n';

t.test('a section is replaced, the rest stands', async (t) => {
  const once = withSections(DOCUMENT, { a: 'new', b: 'first' });
  t.equal(once, DOCUMENT.replace('old', 'new').replace('<!-- b -->\n', '<!-- b -->\nfirst\n'));
  t.equal(withSections(once, { a: 'new', b: 'first' }), once, 'writing again changes nothing');
});

t.test('a document without the markers is an error that names them', async (t) => {
  t.throws(() => withSections(DOCUMENT, { c: 'text' }), { message: /<!-- c --> and <!-- \/c -->/ });
  t.throws(() => withSections('<!-- /a -->\n<!-- a -->\n', { a: 'text' }), { message: /<!-- a -->/ });
});

t.test('a table has a head, a rule and its rows', async (t) => {
  t.equal(markdownTable(['a', 'b'], [[1, 'x']]), '| a | b |\n| --- | --- |\n| 1 | x |');
});
