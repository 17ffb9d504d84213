// An independent reader of QR symbols: zxing's C++ in WebAssembly, loaded from node_modules, never from a network.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasmPath = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasmPath)).buffer } });

export interface ReadSymbol {
  readonly text: string;
  /** As the symbol's own format and version information say. */
  readonly version: string;
  readonly level: string;
}

/** Every QR symbol in a PNG file. */
export async function readQr(png: Uint8Array): Promise<readonly ReadSymbol[]> {
  const found = await readBarcodes(png, { formats: ['QRCode'], tryHarder: true });
  return found
    .filter((each) => each.isValid)
    .map((each) => ({ text: each.text, version: each.version, level: each.ecLevel }));
}
