import fc from 'fast-check';
import t from 'tap';
import { maskId, maskName } from '../../../src/core/credential/mask.js';

t.test('names keep enough for the match with an ID card', async (t) => {
  const rows = {
    张: '*',
    张三: '张*',
    张小三: '张*三',
    欧阳小三: '欧**三',
    阿里木·买买提: '阿**·买**',
    'Ada Lovelace': 'A** L*******',
    'Anne-Marie Curie': 'A***-M**** C****',
    Sukarno: 'S*****o',
    𠮷野家: '𠮷*家',
    '': '',
  };
  for (const [name, masked] of Object.entries(rows)) t.equal(maskName(name), masked);
});

t.test('numbers keep their ends', async (t) => {
  const rows = {
    '33010219000101002X': '330102********002X',
    '330102190001010011': '330102********0011',
    E12345678: 'E1*****78',
    T33010219000101002X: 'T330***********002X',
    H1234: 'H***4',
    ABC: '***',
  };
  for (const [id, masked] of Object.entries(rows)) t.equal(maskId(id), masked);
});

t.test('no mask of a number that embeds a citizen number shows the date of birth', async (t) => {
  for (const id of ['T33010219000101002X', '33010219000101002X43']) t.notMatch(maskId(id), /1900|0101/);
});

t.test('masking twice changes nothing, and length stays', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const [name, id] = [maskName(text), maskId(text)];
        return maskName(name) === name && [...name].length === [...text].length && maskId(id) === id;
      }),
    ),
  );
});
