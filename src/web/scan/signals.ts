// A sound and a vibration for each tone, so that a guard hears the answer without looking. Made here; no file is fetched.

import type { Tone } from '../../core/errors/reasons.js';

/** Hertz and seconds, one after another; and milliseconds of vibration and pause. */
const SIGNALS: Readonly<
  Record<Tone, { readonly notes: readonly (readonly [number, number])[]; readonly buzz: readonly number[] }>
> = {
  ok: {
    notes: [
      [880, 0.09],
      [1319, 0.14],
    ],
    buzz: [60],
  },
  ask: {
    notes: [
      [660, 0.14],
      [660, 0.14],
    ],
    buzz: [120, 80, 120],
  },
  again: { notes: [[523, 0.12]], buzz: [80, 60, 80] },
  stop: {
    notes: [
      [233, 0.22],
      [196, 0.34],
    ],
    buzz: [400],
  },
  grey: {
    notes: [
      [392, 0.1],
      [330, 0.16],
    ],
    buzz: [40, 60, 40, 60, 40],
  },
};

let context: AudioContext | null = null;

export function signal(tone: Tone): void {
  const { notes, buzz } = SIGNALS[tone];
  navigator.vibrate?.([...buzz]);
  try {
    context ??= new AudioContext();
    let at = context.currentTime;
    for (const [hertz, seconds] of notes) {
      const note = context.createOscillator();
      const volume = context.createGain();
      note.frequency.value = hertz;
      volume.gain.setValueAtTime(0.25, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
      note.connect(volume).connect(context.destination);
      note.start(at);
      note.stop(at + seconds);
      at += seconds + 0.04;
    }
  } catch {
    // Without sound the screen and the vibration say the same.
  }
}
