// What is done to the frames of the table, a step at a time, each alone on an otherwise good frame.

import type { Spoiling } from './frame.js';

export interface Step extends Spoiling {
  readonly name: string;
}

const GOOD: Spoiling = { side: 300, degrees: 2, blur: 0.5, noise: 4, light: 1 };

function steps<Values extends readonly number[]>(
  member: keyof Spoiling,
  values: Values,
  name: (value: number) => string,
): readonly Step[] {
  return values.map((value) => ({ ...GOOD, [member]: value, name: name(value) }));
}

export const STEPS: readonly Step[] = [
  { ...GOOD, name: 'as it should be' },
  ...steps('degrees', [15, 30, 45], (value) => `turned ${value}°`),
  ...steps('blur', [1.5, 2, 2.5, 3], (value) => `blurred, σ ${value} px`),
  ...steps('noise', [20, 30, 40], (value) => `noise, σ ${value} of 255`),
  ...steps('light', [0.2, 0.1, 0.08], (value) => `${value * 100} % of the light`),
  ...steps('side', [160, 130, 115, 100], (value) => `small: ${value} px a side`),
];
