// The camera and its frames. A frame is looked at once; while `paused` none is taken, and the stream - and its torch - stay on.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { loadDecoder, readSymbol } from './decoder.js';

export type CameraState = 'starting' | 'on' | 'refused' | 'none' | 'busy' | 'no_decoder';

export interface Camera {
  readonly state: CameraState;
  readonly video: (element: HTMLVideoElement | null) => void;
  /** null: this camera has no torch. */
  readonly torch: boolean | null;
  readonly switchTorch: () => void;
  readonly retry: () => void;
}

/** A symbol that stays in view is read again and again; it counts anew once it was away for so long. */
const AWAY_MS = 2_000;
const BETWEEN_FRAMES_MS = 60;
/** The square in the middle of the picture, at most so many pixels a side. */
const MOST_PIXELS = 960;

function stateOf(error: unknown): CameraState {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'none';
}

function takeFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData | null {
  const side = Math.min(video.videoWidth, video.videoHeight);
  if (side === 0) return null;
  const size = Math.min(side, MOST_PIXELS);
  if (canvas.width !== size) {
    canvas.width = size;
    canvas.height = size;
  }
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  context.drawImage(video, left, top, side, side, 0, 0, size, size);
  return context.getImageData(0, 0, size, size);
}

export function useCamera(paused: boolean, found: (text: string) => void): Camera {
  const [state, setState] = useState<CameraState>('starting');
  const [torch, setTorch] = useState<boolean | null>(null);
  const [attempt, setAttempt] = useState(0);
  const element = useRef<HTMLVideoElement | null>(null);
  const track = useRef<MediaStreamTrack | null>(null);
  const live = useRef({ paused, found });
  live.current = { paused, found };

  useEffect(() => {
    let over = false;
    let stream: MediaStream | null = null;
    const stop = (): void => {
      for (const each of stream?.getTracks() ?? []) each.stop();
      stream = null;
    };
    const start = async (): Promise<void> => {
      try {
        await loadDecoder();
      } catch {
        return setState('no_decoder');
      }
      try {
        const video = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
        if (navigator.mediaDevices === undefined) return setState('none');
        stream = await navigator.mediaDevices.getUserMedia({ video });
        if (over) return stop();
        const [first] = stream.getVideoTracks();
        track.current = first ?? null;
        first?.addEventListener('ended', () => setState('busy'));
        const can = first?.getCapabilities?.() as { readonly torch?: boolean } | undefined;
        setTorch(can?.torch === true ? false : null);
        if (element.current !== null) {
          element.current.srcObject = stream;
          await element.current.play();
        }
        setState('on');
      } catch (error) {
        if (!over) setState(stateOf(error));
      }
    };
    /** A page that was away comes back to a black picture in some browsers: the camera is asked for anew. */
    const onVisible = (): void => {
      if (document.visibilityState === 'hidden') stop();
      else if (stream === null) void start();
    };
    void start();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', onVisible);
      stop();
    };
  }, [attempt]);

  useEffect(() => {
    if (state !== 'on') return;
    const canvas = document.createElement('canvas');
    let over = false;
    let last = { text: '', seenAt: 0 };
    const look = async (): Promise<void> => {
      const video = element.current;
      const frame = video === null ? null : takeFrame(video, canvas);
      const text = frame === null ? null : await readSymbol(frame).catch(() => null);
      if (over || text === null) return;
      const at = performance.now();
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
    };
  }, [state]);

  const switchTorch = useCallback(() => {
    const wanted = torch !== true;
    track.current?.applyConstraints({ advanced: [{ torch: wanted } as MediaTrackConstraintSet] }).then(
      () => setTorch(wanted),
      () => setTorch(null),
    );
  }, [torch]);
  return {
    state,
    torch,
    switchTorch,
    retry: () => {
      setState('starting');
      setAttempt((n) => n + 1);
    },
    video: (node) => {
      element.current = node;
    },
  };
}
