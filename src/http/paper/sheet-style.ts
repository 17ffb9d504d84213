// Sizes of printed codes, in millimetres, and their style. A card is an ISO/IEC 7810 ID-1; the symbol is black on white whatever the
// printer does with backgrounds, since it is drawn and not a background.

export const LAYOUTS = ['card', 'a4'] as const;
export type Layout = (typeof LAYOUTS)[number];

interface SheetSize {
  readonly width: number;
  readonly height: number;
}

const SHEET_SIZES: Readonly<Record<Layout, SheetSize>> = {
  card: { width: 85.6, height: 54 },
  a4: { width: 210, height: 297 },
};

const FONTS =
  '"PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif';
const CODE_FONTS = 'ui-monospace, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

const BOTH = `
* { box-sizing: border-box; margin: 0; padding: 0; }
html { background: #fff; color: #000; font-family: ${FONTS}; line-height: 1.3; }
.sheet { overflow: hidden; break-after: avoid; }
.symbol svg { display: block; width: 100%; height: 100%; }
.title, .name, dd, .short-id, strong { font-weight: 700; }
.name { overflow-wrap: anywhere; }
.short-id { font-family: ${CODE_FONTS}; white-space: nowrap; }
.en { color: #333; }
@media screen {
  html { background: #eceef3; }
  body { display: grid; justify-content: safe center; padding: 8mm; }
  .sheet { background: #fff; box-shadow: 0 1px 8px #0003; }
}
`;

/** The symbol with its quiet zone is 40 mm wide: without it 30 mm or more from version 2 on. */
const CARD = `
.sheet { position: relative; display: grid; grid-template-columns: 40mm minmax(0, 1fr); column-gap: 1.5mm; padding: 1.5mm 3mm 2mm 2mm; }
.symbol { width: 40mm; height: 40mm; }
.below { display: flex; justify-content: center; align-items: baseline; gap: 1mm; }
.below .label { font-size: 5.5pt; line-height: 1.2; }
.short-id { font-size: 10.5pt; line-height: 1.2; }
.facts { display: flex; flex-direction: column; gap: 0.9mm; padding-top: 1.5mm; }
.title { font-size: 10pt; line-height: 1.15; }
.title .en { display: block; font-size: 6.5pt; font-weight: 400; }
.name { font-size: 10pt; line-height: 1.2; }
.name.long { font-size: 7pt; }
.name.longest { font-size: 5.5pt; }
dl { font-size: 6pt; line-height: 1.2; }
dd { font-size: 7.5pt; overflow-wrap: anywhere; }
dl div + div dd { font-size: 6pt; }
dl div + div :is(dt, dd) { display: inline; }
.staff { border-top: 0.3mm solid #000; padding-top: 0.8mm; font-size: 6.7pt; line-height: 1.2; }
.staff .en { font-size: 6pt; }
p { font-size: 6pt; line-height: 1.2; }
p .en, .staff .en { display: block; font-weight: 400; }
.lost { position: absolute; right: 3mm; bottom: 1.2mm; left: 3mm; text-align: center; white-space: nowrap; }
.lost .en { display: inline; }
.only-a4 { display: none; }
@media screen and (min-width: 760px) { .sheet { zoom: 2; } }
`;

const A4 = `
.sheet { display: flex; flex-direction: column; align-items: center; gap: 4mm; padding: 12mm 20mm; text-align: center; }
.symbol { width: 92mm; height: 92mm; }
.below .label { font-size: 14pt; }
.short-id { font-size: 28pt; }
.facts { width: 100%; display: flex; flex-direction: column; gap: 3mm; }
.title { font-size: 28pt; line-height: 1.15; }
.title .en { display: block; font-size: 16pt; font-weight: 400; }
.name { font-size: 24pt; line-height: 1.2; }
.name.long { font-size: 16pt; }
.name.longest { font-size: 13pt; }
dl { font-size: 14pt; }
dl div { display: flex; justify-content: center; gap: 3mm; }
.staff { border: 0.6mm solid #000; border-radius: 3mm; padding: 3mm; font-size: 18pt; line-height: 1.3; }
p { font-size: 14pt; line-height: 1.3; }
p .en, .staff .en { display: block; font-size: 12pt; font-weight: 400; }
`;

/** The whole style of a sheet: nothing of it depends on what the sheet says. */
export function sheetStyle(layout: Layout): string {
  const { width, height } = SHEET_SIZES[layout];
  const page = `@page { size: ${width}mm ${height}mm; margin: 0; }\n.sheet { width: ${width}mm; height: ${height}mm; }`;
  return `${page}${BOTH}${layout === 'card' ? CARD : A4}`;
}
