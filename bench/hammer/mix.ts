// Which sorts of requests the load is made of, and in which shares.

export const SORTS = ['cold', 'repeated', 'revoked', 'expired', 'forged', 'foreign', 'garbage'] as const;
export type Sort = (typeof SORTS)[number];

/** Shares of all requests, at least one above 0; they need not add up to anything. */
export type Mix = Readonly<Record<Sort, number>>;

export const DEFAULT_MIX: Mix = {
  cold: 50,
  repeated: 30,
  revoked: 5,
  expired: 5,
  forged: 4,
  foreign: 3,
  garbage: 3,
};

const NOTHING = Object.fromEntries(SORTS.map((sort) => [sort, 0])) as Mix;

/**
 * Reads `cold=60,repeated=40`; what is not named has no share.
 * @throws Error that says what is wrong
 */
export function parseMix(text: string): Mix {
  const mix = Object.fromEntries(text.split(',').map(parseShare));
  if (Object.values(mix).every((share) => share === 0)) throw new Error('The mix has nothing in it.');
  return { ...NOTHING, ...mix };
}

function parseShare(part: string): [Sort, number] {
  const [name = '', share = ''] = part.trim().split('=');
  const sort = SORTS.find((each) => each === name);
  if (sort === undefined || !/^\d{1,6}$/.test(share)) {
    throw new Error(`"${part}" is not SORT=SHARE with a whole share and one of ${SORTS.join(', ')}.`);
  }
  return [sort, Number(share)];
}

/** @param random 0 inclusive to 1 exclusive */
export function drawSort(mix: Mix, random: number): Sort {
  const total = SORTS.reduce((sum, sort) => sum + mix[sort], 0);
  let left = random * total;
  for (const sort of SORTS) {
    left -= mix[sort];
    if (left < 0) return sort;
  }
  throw new Error('random was not below 1');
}
