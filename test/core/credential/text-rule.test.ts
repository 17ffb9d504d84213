import t from 'tap';
import { findTextFault } from '../../../src/core/credential/text-rule.js';

t.test('real names pass', async (t) => {
  for (const name of [
    '张三',
    '欧阳小三',
    '阿里木·买买提',
    '𠮷野', // plane 2
    '𬴃', // plane 2, extension E
    '㛃', // extension A
    '〇',
    'Ada Lovelace',
    "O'Brien-Smith",
    'José Ñandú',
    'Иванов Пётр',
    'Αθηνά',
    'ئالىم مەمەت',
    'བསྟན་འཛིན',
    'ᠪᠠᠲᠤ',
    '김철수',
    'ABC（杭州）有限公司',
    '=1+1',
    '<b>张三</b>',
  ]) {
    t.equal(findTextFault(name, 50), null, name);
  }
});

t.test('text that hides or imitates something is refused, each with its rule', async (t) => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'empty'],
    ['control', '张\u0000三', 'characters'],
    ['newline', '张\n三', 'characters'],
    ['C1 control', '张\u0085三', 'characters'],
    ['bidi override', '张\u202e三', 'characters'],
    ['bidi isolate', '张\u2067三', 'characters'],
    ['zero width space', '张\u200b三', 'characters'],
    ['zero width joiner', '张\u200d三', 'characters'],
    ['byte order mark', '\ufeff张三', 'characters'],
    ['soft hyphen', 'A\u00adda', 'characters'],
    ['variation selector', '葛\u{e0100}', 'characters'],
    ['Hangul filler', '张\u3164三', 'characters'],
    ['tag character', '张\u{e0041}', 'characters'],
    ['lone high surrogate', '张\ud842', 'characters'],
    ['lone low surrogate', '\udfb7张', 'characters'],
    ['private use', '张\ue000', 'characters'],
    ['non-character', '张\ufffe', 'characters'],
    ['ideographic space', '张\u3000三', 'characters'],
    ['no-break space', 'Ada\u00a0L', 'characters'],
    ['line separator', '张\u2028三', 'characters'],
    ['Kangxi radical', '\u2f00二', 'characters'],
    ['leading mark', '\u0301A', 'characters'],
    ['NFD', 'Jose\u0301', 'not_nfc'],
    ['compatibility ideograph', '\uf900三', 'not_nfc'],
    ['Cyrillic in Latin', '\u0410da', 'mixed_scripts'],
    ['Greek in Latin', 'Ad\u03b1', 'mixed_scripts'],
    ['Cyrillic in Han', '张\u0430', 'mixed_scripts'],
    ['Cyrillic and Greek', '\u0410\u0391', 'mixed_scripts'],
    ['Lisu in Latin', 'AD\ua4ee', 'mixed_scripts'],
    ['leading space', ' 张三', 'spaces'],
    ['trailing space', '张三 ', 'spaces'],
    ['doubled space', 'Ada  L', 'spaces'],
  ];
  for (const [title, text, rule] of rows) {
    t.equal(findTextFault(text, 50), rule, title);
  }
});

t.test('length counts code points', async (t) => {
  t.equal(findTextFault('张'.repeat(50), 50), null);
  t.equal(findTextFault('张'.repeat(51), 50), 'too_long');
  t.equal(findTextFault('𠮷'.repeat(50), 50), null);
  t.equal(findTextFault('𠮷'.repeat(51), 50), 'too_long');
  t.equal(findTextFault('张'.repeat(10_000), 50), 'too_long');
  t.equal(findTextFault('\u0301'.repeat(10_000), 50), 'too_long');
});
