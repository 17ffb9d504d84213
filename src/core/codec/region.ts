// Region codes of GB/T 2260: which are well formed, which prefix covers which. The Corps (XPCC) counts as a province, 66.

import type { Text } from '../errors/reasons.js';

/** First two digits of a region code, with the province's name. 66 is platform convention, not GB/T 2260. */
export const PROVINCES: ReadonlyMap<string, Text> = new Map([
  ['11', { 'zh-CN': '北京市', en: 'Beijing' }],
  ['12', { 'zh-CN': '天津市', en: 'Tianjin' }],
  ['13', { 'zh-CN': '河北省', en: 'Hebei' }],
  ['14', { 'zh-CN': '山西省', en: 'Shanxi' }],
  ['15', { 'zh-CN': '内蒙古自治区', en: 'Inner Mongolia' }],
  ['21', { 'zh-CN': '辽宁省', en: 'Liaoning' }],
  ['22', { 'zh-CN': '吉林省', en: 'Jilin' }],
  ['23', { 'zh-CN': '黑龙江省', en: 'Heilongjiang' }],
  ['31', { 'zh-CN': '上海市', en: 'Shanghai' }],
  ['32', { 'zh-CN': '江苏省', en: 'Jiangsu' }],
  ['33', { 'zh-CN': '浙江省', en: 'Zhejiang' }],
  ['34', { 'zh-CN': '安徽省', en: 'Anhui' }],
  ['35', { 'zh-CN': '福建省', en: 'Fujian' }],
  ['36', { 'zh-CN': '江西省', en: 'Jiangxi' }],
  ['37', { 'zh-CN': '山东省', en: 'Shandong' }],
  ['41', { 'zh-CN': '河南省', en: 'Henan' }],
  ['42', { 'zh-CN': '湖北省', en: 'Hubei' }],
  ['43', { 'zh-CN': '湖南省', en: 'Hunan' }],
  ['44', { 'zh-CN': '广东省', en: 'Guangdong' }],
  ['45', { 'zh-CN': '广西壮族自治区', en: 'Guangxi' }],
  ['46', { 'zh-CN': '海南省', en: 'Hainan' }],
  ['50', { 'zh-CN': '重庆市', en: 'Chongqing' }],
  ['51', { 'zh-CN': '四川省', en: 'Sichuan' }],
  ['52', { 'zh-CN': '贵州省', en: 'Guizhou' }],
  ['53', { 'zh-CN': '云南省', en: 'Yunnan' }],
  ['54', { 'zh-CN': '西藏自治区', en: 'Tibet' }],
  ['61', { 'zh-CN': '陕西省', en: 'Shaanxi' }],
  ['62', { 'zh-CN': '甘肃省', en: 'Gansu' }],
  ['63', { 'zh-CN': '青海省', en: 'Qinghai' }],
  ['64', { 'zh-CN': '宁夏回族自治区', en: 'Ningxia' }],
  ['65', { 'zh-CN': '新疆维吾尔自治区', en: 'Xinjiang' }],
  ['66', { 'zh-CN': '新疆生产建设兵团', en: 'Xinjiang Production and Construction Corps' }],
  ['71', { 'zh-CN': '台湾省', en: 'Taiwan' }],
  ['81', { 'zh-CN': '香港特别行政区', en: 'Hong Kong' }],
  ['82', { 'zh-CN': '澳门特别行政区', en: 'Macao' }],
]);

/** What ministries and the national hub write; the empty prefix covers it, no province's does. */
const NATION = '100000';
const NATION_NAME: Text = { 'zh-CN': '全国', en: 'National' };
/** Whose rule it is when it holds everywhere. */
const NATION_AS_AUTHORITY: Text = { 'zh-CN': '国家', en: 'the nation' };

const PREFIX = /^(?:[0-9]{2}){1,3}$/;

/**
 * A code or prefix in the form that prefixes are compared in: GB/T 2260 files the Corps' cities under 6590 of Xinjiang; as a scope
 * they are the Corps'.
 */
export function normalizeRegion(code: string): string {
  return code.startsWith('6590') ? `66${code.slice(2)}` : code;
}

/**
 * The region a code names, in the form that prefixes are compared in: `659001` becomes `669001`. Counties are not
 * looked up, since abolished codes live on in documents.
 * @param code 6 digits of a known province, or `100000` for the nation
 * @returns null when it is no such code
 */
export function parseRegion(code: string): string | null {
  if (code === NATION) return code;
  return code.length === 6 && isRegionPrefix(code) ? normalizeRegion(code) : null;
}

/** True for the empty prefix (everywhere) and for 2, 4 or 6 digits of a known province; true for `100000`. */
export function isRegionPrefix(prefix: string): boolean {
  if (prefix === '' || prefix === NATION) return true;
  return PREFIX.test(prefix) && PROVINCES.has(prefix.slice(0, 2));
}

/**
 * True when the region lies under the prefix: 33 covers 330102; 66, never 65, covers 659001. False when either is
 * malformed.
 */
export function regionCovers(prefix: string, region: string): boolean {
  const code = parseRegion(region);
  return code !== null && isRegionPrefix(prefix) && code.startsWith(normalizeRegion(prefix));
}

/** True when everything under `inner` lies under `outer`: '' covers all, 33 covers 3301. Both are region prefixes. */
export function prefixCovers(outer: string, inner: string): boolean {
  return normalizeRegion(inner).startsWith(normalizeRegion(outer));
}

/** The name of the province a region code lies in, or undefined when the code is malformed. */
export function provinceName(region: string): Text | undefined {
  const code = parseRegion(region);
  if (code === null) return undefined;
  return code === NATION ? NATION_NAME : PROVINCES.get(code.slice(0, 2));
}

/** How sentences call the authority of a region prefix: a province by its name, a place inside it with its code behind. */
export function authorityName(prefix: string): Text {
  const code = normalizeRegion(prefix);
  const province = PROVINCES.get(code.slice(0, 2));
  if (province === undefined) return NATION_AS_AUTHORITY;
  if (code.length === 2) return province;
  return { 'zh-CN': `${province['zh-CN']}（${prefix}）`, en: `${province.en} (${prefix})` };
}
