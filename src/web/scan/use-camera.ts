// The camera as a page has it: asked for, lost, found again. While the page is away it is given back; a light that was on comes on again.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { loadDecoder } from './decoder.js';
import { useFrames } from './use-frames.js';

/** `lost`: unplugged while it was on. `black`: on, and there is nothing in its picture. */
export type CameraState = 'starting' | 'on' | 'black' | 'refused' | 'none' | 'busy' | 'lost' | 'no_decoder';

export interface Camera {
  readonly state: CameraState;
  readonly video: (element: HTMLVideoElement | null) => void;
  /** null: this camera has no torch. */
  readonly torch: boolean | null;
  readonly switchTorch: () => void;
  readonly retry: () => void;
}

const WANTED = {
  video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
} as const;

function stateOf(error: unknown): CameraState {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'none';
}

function shine(track: MediaStreamTrack | null, torch: boolean): Promise<void> {
  return track?.applyConstraints({ advanced: [{ torch } as MediaTrackConstraintSet] }) ?? Promise.reject();
}

/** @param found hears each symbol once, unless `paused` */
export function useCamera(paused: boolean, found: (text: string) => void): Camera {
  const [state, setState] = useState<CameraState>('starting');
  const [torch, setTorch] = useState<boolean | null>(null);
  const [attempt, setAttempt] = useState(0);
  const element = useRef<HTMLVideoElement | null>(null);
  const track = useRef<MediaStreamTrack | null>(null);
  const lit = useRef(false);

  useEffect(() => {
    let over = false;
    let asking = false;
    let stream: MediaStream | null = null;
    /** A camera that is plugged in is asked for at once, unless somebody has to allow it first. */
    let waits = false;
    const tell = (told: CameraState): void => {
      waits = told === 'none' || told === 'lost';
      if (over) return;
      setState(told);
      if (told !== 'on') setTorch(null);
    };
    const stop = (): void => {
      for (const each of stream?.getTracks() ?? []) each.stop();
      stream = null;
      track.current = null;
    };
    const open = async (): Promise<void> => {
      if (navigator.mediaDevices === undefined) return tell('none');
      stream = await navigator.mediaDevices.getUserMedia(WANTED);
      if (over) return stop();
      const [first] = stream.getVideoTracks();
      track.current = first ?? null;
      first?.addEventListener('ended', () => {
        stop();
        tell('lost');
      });
      const can = first?.getCapabilities?.() as { readonly torch?: boolean } | undefined;
      setTorch(can?.torch === true ? lit.current : null);
      if (can?.torch === true && lit.current) shine(track.current, true).catch(() => setTorch(null));
      if (element.current !== null) {
        element.current.srcObject = stream;
        await element.current.play();
      }
      tell('on');
    };
    const start = async (): Promise<void> => {
      if (asking) return;
      asking = true;
      try {
        if (
          await loadDecoder().then(
            () => true,
            () => false,
          )
        )
          await open();
        else tell('no_decoder');
      } catch (error) {
        stop();
        tell(stateOf(error));
      } finally {
        asking = false;
      }
    };
    /** A page that was away comes back to a black picture in some browsers: the camera is asked for anew. */
    const onVisible = (): void => {
      if (document.visibilityState === 'hidden') stop();
      else if (stream === null) void start();
    };
    const onDevices = (): void => {
      if (waits) void start();
    };
    void start();
    document.addEventListener('visibilitychange', onVisible);
    navigator.mediaDevices?.addEventListener('devicechange', onDevices);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', onVisible);
      navigator.mediaDevices?.removeEventListener('devicechange', onDevices);
      stop();
    };
  }, [attempt]);

  const isBlack = useFrames(state === 'on', element, paused, found);
  const switchTorch = useCallback(() => {
    lit.current = torch !== true;
    shine(track.current, lit.current).then(
      () => setTorch(lit.current),
      () => setTorch(null),
    );
  }, [torch]);
  return {
    state: isBlack ? 'black' : state,
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
