// Content negotiation by the header Accept.
// RFC 9110, section 12.5.1.

interface Range {
  readonly type: string;
  readonly quality: number;
}

function parseAccept(header: string): readonly Range[] {
  return header.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return {
      type,
      quality: quality === undefined ? 1 : /^(?:0|1)(?:\.\d{0,3})?$/.test(quality) ? Number(quality) : 0,
    };
  });
}

/** The quality of the most specific range that covers the type; 0 when none does. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const pattern of [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === pattern);
    if (range !== undefined) return range.quality;
  }
  return 0;
}

/**
 * The key of the media type that the header prefers, the first of equals; undefined when it accepts none.
 * @param offers media types in lower case, in the order of the server's preference
 */
export function negotiate<K extends string>(
  accept: string | undefined,
  offers: Readonly<Record<K, string>>,
): K | undefined {
  const keys = Object.keys(offers) as K[];
  if (accept === undefined || accept.trim() === '') return keys[0];
  const ranges = parseAccept(accept);
  const rated = keys.map((key) => ({ key, quality: qualityOf(offers[key], ranges) }));
  const best = rated.reduce((left, right) => (right.quality > left.quality ? right : left));
  return best.quality > 0 ? best.key : undefined;
}
