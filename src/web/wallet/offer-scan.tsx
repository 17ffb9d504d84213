// The camera on an offer's symbol, by the browser's own reader where it has one. Where it has none the phone's camera opens the link.

import { useEffect, useRef } from 'preact/hooks';
import type { WalletTrouble } from './trouble.js';
import type { WalletSay } from './wallet-language.js';

interface Reader {
  readonly detect: (source: HTMLVideoElement) => Promise<readonly { readonly rawValue: string }[]>;
}
type ReaderMaker = new (options: { readonly formats: readonly string[] }) => Reader;

interface Props {
  readonly say: WalletSay;
  readonly found: (text: string) => void;
  readonly failed: (trouble: WalletTrouble) => void;
}

const LOOK_MS = 200;

/** Looks at the camera until a text is found or `over` says so. */
async function lookFor(video: HTMLVideoElement, reader: Reader, over: () => boolean): Promise<string | null> {
  while (!over()) {
    const [symbol] = await reader.detect(video).catch(() => []);
    if (symbol !== undefined && !over()) return symbol.rawValue;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return null;
}

export function OfferScan({ say, found, failed }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let over = false;
    const start = async (): Promise<void> => {
      const { BarcodeDetector: Maker } = globalThis as { readonly BarcodeDetector?: ReaderMaker };
      if (Maker === undefined) return failed({ word: 'trouble.camera_none' });
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
        const screen = video.current;
        if (over || screen === null) return stop();
        screen.srcObject = stream;
        await screen.play();
        const text = await lookFor(screen, new Maker({ formats: ['qr_code'] }), () => over);
        if (text !== null) found(text);
      } catch {
        failed({ word: 'trouble.camera_refused' });
      }
    };
    const stop = (): void => {
      over = true;
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    void start();
    return stop;
  }, []);
  return (
    <figure class="card scan">
      <video ref={video} muted playsInline aria-label={say('add.aim')} />
      <figcaption>{say('add.aim')}</figcaption>
    </figure>
  );
}
