import t from 'tap';
import {
  authorityName,
  isRegionPrefix,
  PROVINCES,
  parseRegion,
  prefixCovers,
  provinceName,
  regionCovers,
} from '../../../src/core/codec/region.js';

t.test('the table holds the 34 of GB/T 2260 and the Corps, each with both names', async (t) => {
  t.equal(PROVINCES.size, 35);
  for (const [prefix, name] of PROVINCES) {
    t.match(prefix, /^[1-8][0-9]$/);
    t.match(name['zh-CN'], /^\p{Script=Han}+$/u);
    t.match(name.en, /^[A-Z][A-Za-z ]+$/);
  }
});

t.test('six digits of a known province are a region', async (t) => {
  for (const code of [
    '330102',
    '330000',
    '660000',
    '660600',
    '710000',
    '810000',
    '820000',
    '100000',
    '419001',
  ]) {
    t.equal(parseRegion(code), code);
  }
});

t.test('cities of the Corps under 6590 count as 66', async (t) => {
  t.equal(parseRegion('659001'), '669001');
  t.equal(parseRegion('659012'), '669012');
  t.equal(parseRegion('650100'), '650100');
  t.ok(regionCovers('66', '659001'));
  t.ok(regionCovers('6690', '659001'));
  t.ok(regionCovers('6590', '659001'));
  t.ok(regionCovers('659001', '669001'));
  t.notOk(regionCovers('65', '659001'));
  t.ok(regionCovers('65', '650100'));
});

t.test('anything else is no region', async (t) => {
  const bad = ['', '33', '3301', '33010', '3301022', '990101', '000000', '100001', '33010a', '３３０１０２'];
  for (const code of [...bad, ' 330102', '330102\n', '-30102', '__proto__'])
    t.equal(parseRegion(code), null, code);
});

t.test('prefixes have 0, 2, 4 or 6 digits of a known province', async (t) => {
  for (const prefix of ['', '33', '3301', '330102', '66', '6590', '100000'])
    t.ok(isRegionPrefix(prefix), prefix);
  for (const prefix of ['3', '330', '33010', '3301021', '99', '00', '10', '3x', '33\n']) {
    t.notOk(isRegionPrefix(prefix), prefix);
  }
});

t.test('a prefix covers what begins with it and nothing malformed', async (t) => {
  t.ok(regionCovers('', '330102'));
  t.ok(regionCovers('', '100000'));
  t.ok(regionCovers('33', '330102'));
  t.ok(regionCovers('330102', '330102'));
  t.notOk(regionCovers('3302', '330102'));
  t.notOk(regionCovers('330102', '330100'));
  t.notOk(regionCovers('33', '100000'));
  t.notOk(regionCovers('10', '100000'));
  t.notOk(regionCovers('', 'x'));
  t.notOk(regionCovers('99', '990101'));
});

t.test('an authority is named after its province, with the code of a place inside it', async (t) => {
  const named: readonly [string, string, string][] = [
    ['', '国家', 'the nation'],
    ['100000', '国家', 'the nation'],
    ['33', '浙江省', 'Zhejiang'],
    ['3301', '浙江省（3301）', 'Zhejiang (3301)'],
    ['330102', '浙江省（330102）', 'Zhejiang (330102)'],
    ['65', '新疆维吾尔自治区', 'Xinjiang'],
  ];
  for (const [prefix, zh, en] of named) t.same(authorityName(prefix), { 'zh-CN': zh, en }, prefix);
  t.equal(authorityName('659001').en, 'Xinjiang Production and Construction Corps (659001)');
});

t.test('a prefix covers a prefix under it, and the Corps is beside Xinjiang', async (t) => {
  for (const [outer, inner] of [
    ['', ''],
    ['', '33'],
    ['33', '33'],
    ['33', '330102'],
    ['66', '6590'],
  ] as const)
    t.ok(prefixCovers(outer, inner), `${outer} ${inner}`);
  for (const [outer, inner] of [
    ['33', ''],
    ['3301', '33'],
    ['65', '6590'],
    ['44', '33'],
    ['100000', ''],
  ] as const)
    t.notOk(prefixCovers(outer, inner), `${outer} ${inner}`);
});

t.test('a region is named after its province', async (t) => {
  t.same(provinceName('659001'), PROVINCES.get('66'));
  t.equal(provinceName('330102')?.en, 'Zhejiang');
  t.equal(provinceName('100000')?.['zh-CN'], '全国');
  t.equal(provinceName('99'), undefined);
});
