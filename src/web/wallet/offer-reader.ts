// What reads an offer's symbol in the camera's picture: the browser's own reader, or the decoder that the scanner has, loaded when it is asked for.

/** The text of a symbol in what the video shows now; null without one. */
export type ReadOffer = (video: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  readonly detect: (source: HTMLVideoElement) => Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorMaker {
  new (options: { readonly formats: readonly string[] }): Detector;
  readonly getSupportedFormats: () => Promise<readonly string[]>;
}

const FORMAT = 'qr_code';

/** null: this browser has none, or none for our symbols. */
async function browserReader(): Promise<ReadOffer | null> {
  const { BarcodeDetector: Maker } = globalThis as { readonly BarcodeDetector?: DetectorMaker };
  if (Maker === undefined) return null;
  const formats = await Maker.getSupportedFormats().catch((): readonly string[] => []);
  if (!formats.includes(FORMAT)) return null;
  const detector = new Maker({ formats: [FORMAT] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

async function decoderReader(): Promise<ReadOffer> {
  const { loadDecoder, readSymbol } = await import('../scan/decoder.js');
  await loadDecoder();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    if (context === null || width === 0) return null;
    canvas.width = width;
    canvas.height = height;
    context.drawImage(video, 0, 0);
    return readSymbol(context.getImageData(0, 0, width, height));
  };
}

/** Rejects where neither is to be had. */
export async function loadOfferReader(): Promise<ReadOffer> {
  return (await browserReader()) ?? (await decoderReader());
}
