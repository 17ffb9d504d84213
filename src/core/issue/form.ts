// The forms an encoding is released in.

/** How an encoding was released; each has an index of its own, so that lost paper dies alone. */
export const FORMS = ['screen', 'paper', 'jws'] as const;
export type Form = (typeof FORMS)[number];
