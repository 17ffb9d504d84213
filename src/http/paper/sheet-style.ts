// Sizes of printed codes, in millimetres, and their style. A card is an ISO/IEC 7810 ID-1; the symbol is black on white whatever the
// printer does with backgrounds, since it is drawn and not a background.

export const LAYOUTS = ['card', 'a4'] as const;
export type Layout = (typeof LAYOUTS)[number];

interface SheetSize {
  readonly width: number;
  readonly height: number;
  /** Side of the symbol with its quiet zone: the symbol alone is 30 mm or more from version 2 on. */
  readonly symbol: number;
}

export const SHEET_SIZES: Readonly<Record<Layout, SheetSize>> = {
  card: { width: 85.6, height: 54, symbol: 40 },
  a4: { width: 210, height: 297, symbol: 100 },
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
@media screen { .sheet { outline: 1px dashed #999; } }
`;

const CARD = `
.sheet { display: grid; grid-template-columns: 40mm minmax(0, 1fr); column-gap: 1.5mm; padding: 2mm 3mm 2mm 2mm; }
.symbol { width: 40mm; height: 40mm; }
.below { text-align: center; }
.below .label { font-size: 6pt; line-height: 1.2; }
.short-id { font-size: 11pt; line-height: 1.2; }
.facts { display: flex; flex-direction: column; gap: 1mm; padding-top: 2mm; }
.title { font-size: 11pt; line-height: 1.15; }
.title .en { display: block; font-size: 7pt; font-weight: 400; }
.name { font-size: 11pt; line-height: 1.2; }
.name.long { font-size: 7.5pt; }
.name.longest { font-size: 5.5pt; }
dl { font-size: 6.5pt; line-height: 1.25; }
dd { font-size: 7.5pt; overflow-wrap: anywhere; }
.staff { border-top: 0.3mm solid #000; padding-top: 1mm; font-size: 7.5pt; line-height: 1.2; }
p { font-size: 6pt; line-height: 1.2; }
p .en, .staff .en { display: block; font-weight: 400; }
.only-a4 { display: none; }
`;

const A4 = `
.sheet { display: flex; flex-direction: column; align-items: center; gap: 5mm; padding: 16mm 20mm; text-align: center; }
.symbol { width: 100mm; height: 100mm; }
.below .label { font-size: 14pt; }
.short-id { font-size: 28pt; }
.facts { width: 100%; display: flex; flex-direction: column; gap: 3.5mm; }
.title { font-size: 28pt; line-height: 1.15; }
.title .en { display: block; font-size: 16pt; font-weight: 400; }
.name { font-size: 24pt; line-height: 1.2; }
.name.long, .name.longest { font-size: 16pt; }
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
