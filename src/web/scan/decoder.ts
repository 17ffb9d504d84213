// Reads QR symbols out of pictures with zxing, whose WebAssembly comes from our own origin and is kept for offline use.

import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm';

/** More symbols than a printed page has. */
const MOST_SYMBOLS = 16;

/** Loads the decoder; rejects when it cannot be had. */
export async function loadDecoder(): Promise<void> {
  await prepareZXingModule({
    overrides: {
      locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasmUrl : prefix + path),
    },
    fireImmediately: true,
  });
}

async function read(picture: ImageData | Blob, most: number): Promise<string[]> {
  const found = await readBarcodes(picture, {
    formats: ['QRCode'],
    tryHarder: true,
    maxNumberOfSymbols: most,
  });
  return found.map(({ text }) => text).filter((text) => text !== '');
}

/** The text of the first symbol; null without one. */
export async function readSymbol(picture: ImageData | Blob): Promise<string | null> {
  const [text] = await read(picture, 1);
  return text ?? null;
}

/** The texts of all symbols. */
export function readSymbols(picture: ImageData | Blob): Promise<string[]> {
  return read(picture, MOST_SYMBOLS);
}
