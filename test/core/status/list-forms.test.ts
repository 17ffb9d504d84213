import t from 'tap';
import { formOf, LIST_MEDIA_TYPES, parseListToken } from '../../../src/core/status/list-forms.js';

t.test('a media type has one form, and no other names any', async (t) => {
  t.equal(formOf(LIST_MEDIA_TYPES.jwt), 'jwt');
  t.equal(formOf(LIST_MEDIA_TYPES.cwt), 'cwt');
  for (const type of ['', 'constructor', 'application/jwt', `${LIST_MEDIA_TYPES.jwt} `])
    t.equal(formOf(type), undefined);
});

t.test('bytes that are no token of their form are refused', async (t) => {
  t.throws(() => parseListToken(Uint8Array.of(0xff), 'jwt'), { code: 'damaged' });
  t.throws(() => parseListToken(Uint8Array.of(0xff), 'cwt'), { code: 'list_refused', rule: 'tag' });
  t.throws(() => parseListToken(new Uint8Array(0), 'cwt'), { code: 'list_refused', rule: 'tag' });
});
