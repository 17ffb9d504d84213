// The camera on an offer's symbol.

import { useEffect, useRef } from 'preact/hooks';
import { loadOfferReader, type ReadOffer } from './offer-reader.js';
import type { WalletTrouble } from './trouble.js';
import type { WalletSay } from './wallet-language.js';

interface Props {
  readonly say: WalletSay;
  readonly found: (text: string) => void;
  readonly failed: (trouble: WalletTrouble) => void;
}

const LOOK_MS = 200;

/** Looks at the camera until a text is found or `over` says so. */
async function lookFor(
  video: HTMLVideoElement,
  read: ReadOffer,
  over: () => boolean,
): Promise<string | null> {
  while (!over()) {
    const text = await read(video).catch(() => null);
    if (text !== null && !over()) return text;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return null;
}

/** Asked first of all, so that a person who refuses has waited for nothing. */
async function openCamera(): Promise<MediaStream | WalletTrouble> {
  if (navigator.mediaDevices === undefined) return { word: 'trouble.camera_none' };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    const isRefused = name === 'NotAllowedError' || name === 'SecurityError';
    return { word: isRefused ? 'trouble.camera_refused' : 'trouble.camera_failed' };
  }
}

export function OfferScan({ say, found, failed }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let over = false;
    const stop = (): void => {
      over = true;
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const start = async (): Promise<void> => {
      const opened = await openCamera();
      if ('word' in opened) return over ? undefined : failed(opened);
      stream = opened;
      const screen = video.current;
      if (over || screen === null) return stop();
      try {
        screen.srcObject = stream;
        await screen.play();
        const text = await lookFor(screen, await loadOfferReader(), () => over);
        if (text !== null) found(text);
      } catch {
        if (!over) failed({ word: 'trouble.camera_none' });
      }
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
