// Reads QR symbols out of pictures with zxing, whose WebAssembly comes from our own origin and is kept for offline use.

import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm';

const OPTIONS = { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 1 } as const;

/** Loads the decoder; rejects when it cannot be had. */
export async function loadDecoder(): Promise<void> {
  await prepareZXingModule({
    overrides: {
      locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasmUrl : prefix + path),
    },
    fireImmediately: true,
  });
}

/** The text of the first symbol; null without one. */
export async function readSymbol(picture: ImageData | Blob): Promise<string | null> {
  const [found] = await readBarcodes(picture, { ...OPTIONS, formats: [...OPTIONS.formats] });
  return found === undefined || found.text === '' ? null : found.text;
}
