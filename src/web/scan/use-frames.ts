// Looks at the camera's frames, each once, one after another. While `paused` nothing is told, and nothing is missed either.

import { useEffect, useRef, useState } from 'preact/hooks';
import { readSymbol } from './decoder.js';
import { isBlack, takeFrame } from './frame.js';

/** A symbol that stays in view is read again and again; it counts anew once it was away for so long. */
const AWAY_MS = 2_000;
const BETWEEN_FRAMES_MS = 60;
/** A picture that has been black, or none at all, for so long is told. */
const BLACK_MS = 3_000;

/** @returns whether the picture stays black */
export function useFrames(
  active: boolean,
  video: { readonly current: HTMLVideoElement | null },
  paused: boolean,
  found: (text: string) => void,
): boolean {
  const [black, setBlack] = useState(false);
  const live = useRef({ paused, found });
  live.current = { paused, found };

  useEffect(() => {
    if (!active) return;
    const canvas = document.createElement('canvas');
    let over = false;
    let last = { text: '', seenAt: 0 };
    let litAt = performance.now();
    const look = async (): Promise<void> => {
      const at = performance.now();
      const frame = video.current === null ? null : takeFrame(video.current, canvas);
      const text = frame === null ? null : await readSymbol(frame).catch(() => null);
      if (over) return;
      const isSeen = text !== null || (frame !== null && !isBlack(frame));
      if (isSeen || document.visibilityState === 'hidden') litAt = at;
      setBlack(at - litAt > BLACK_MS);
      if (text === null) return;
      const isNew = text !== last.text || at - last.seenAt > AWAY_MS;
      last = { text, seenAt: at };
      if (isNew && !live.current.paused) live.current.found(text);
    };
    const loop = async (): Promise<void> => {
      while (!over) {
        await look();
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_FRAMES_MS));
      }
    };
    void loop();
    return () => {
      over = true;
      setBlack(false);
    };
  }, [active, video]);
  return black;
}
