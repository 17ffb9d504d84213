import t from 'tap';
import { homeEn } from '../../src/web/home/words/en.js';
import { homeZhCn } from '../../src/web/home/words/zh-cn.js';
import { scanEn } from '../../src/web/scan/words/en.js';
import { scanZhCn } from '../../src/web/scan/words/zh-cn.js';
import { chooseLanguage, createSayOf } from '../../src/web/shared/language.js';
import { showAge, showDateTime, showLeft } from '../../src/web/shared/times.js';
import { en } from '../../src/web/shared/words/en.js';
import { zhCn } from '../../src/web/shared/words/zh-cn.js';
import { walletEn } from '../../src/web/wallet/words/en.js';
import { walletZhCn } from '../../src/web/wallet/words/zh-cn.js';

const TABLES: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  shared: [zhCn, en],
  home: [homeZhCn, homeEn],
  scan: [scanZhCn, scanEn],
  wallet: [walletZhCn, walletEn],
};

/** `{name}` marks of a sentence, in order. */
function marks(sentence: string): readonly string[] {
  return (sentence.match(/\{[a-zA-Z]+\}/g) ?? []).sort();
}

t.test('every word exists in every language, with the same parameters', async (t) => {
  for (const [page, [chinese = {}, english = {}]] of Object.entries(TABLES)) {
    t.same(Object.keys(english).sort(), Object.keys(chinese).sort(), page);
    for (const [key, sentence] of Object.entries(chinese)) {
      const translated = english[key] ?? '';
      t.not(translated.trim(), '', key);
      t.same(marks(translated), marks(sentence), key);
      t.notMatch(
        translated.replaceAll('一码', ''),
        /[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]/,
        `${key} is English`,
      );
      t.match(sentence, /[\u4e00-\u9fff]/, `${key} is Chinese`);
    }
  }
});

t.test('the language is the remembered one, else the one the system prefers', async (t) => {
  t.equal(chooseLanguage('en', 'zh-CN'), 'en');
  t.equal(chooseLanguage('zh-CN', 'en-US'), 'zh-CN');
  t.equal(chooseLanguage(null, 'zh-TW'), 'zh-CN');
  t.equal(chooseLanguage(null, 'zh'), 'zh-CN');
  t.equal(chooseLanguage(null, 'de-DE'), 'en');
  t.equal(chooseLanguage('fr', 'zha'), 'en', 'neither an unknown language nor a look-alike tag');
});

t.test('a parameter that is missing becomes an ellipsis, never a mark', async (t) => {
  t.equal(createSayOf(homeEn)('card.left', { time: '5 min' }), '5 min left');
  t.equal(createSayOf(homeEn)('card.left'), '… left');
});

t.test('times are China Standard Time with their date, whatever the zone of the device', async (t) => {
  const instant = Date.UTC(2026, 10, 23, 16, 5) / 1000;
  t.equal(showDateTime(instant, 'zh-CN'), '2026年11月24日 00:05');
  t.equal(showDateTime(instant, 'en'), '24 Nov 2026, 00:05');
});

t.test('ages and what is left are said in the largest sensible unit', async (t) => {
  const say = createSayOf(en);
  t.equal(showAge(0.4, say), 'Just updated');
  t.equal(showAge(59, say), '59 s ago');
  t.equal(showAge(3_599, say), '59 min ago');
  t.equal(showAge(86_399, say), '23 h ago');
  t.equal(showAge(86_400, say), '1 d ago');
  t.equal(showLeft(1, say), '1 min');
  t.equal(showLeft(3_660, say), '1 h 1 min');
  t.equal(showLeft(90_000, say), '1 d 1 h');
});
