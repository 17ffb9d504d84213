// When two values are the same, and when one matches a pattern, as tap's assertions of these names have it.

type Keyed = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null;
}

/** Deep; `isStrict`: of the same types too, else `==` is enough for what is no object. */
export function isSame(a: unknown, b: unknown, isStrict: boolean): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) {
    // biome-ignore lint/suspicious/noDoubleEquals: that is what loose means
    return !isStrict && !isObject(a) && !isObject(b) && a == b;
  }
  if (isStrict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (isCollection(a) || isCollection(b)) return isSameCollection(a, b, isStrict);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key], isStrict))
  );
}

type Collection = ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>;

function isCollection(value: unknown): value is Collection {
  return value instanceof Set || value instanceof Map;
}

/** In whatever order. */
function isSameCollection(a: unknown, b: unknown, isStrict: boolean): boolean {
  if (!isCollection(a) || !isCollection(b) || a.size !== b.size) return false;
  if (a instanceof Set !== b instanceof Set) return false;
  const others = [...b];
  return [...a].every((each) => others.some((other) => isSame(each, other, isStrict)));
}

/** A pattern is a RegExp, a part of a text, a constructor, or an object of which each member matches. */
export function isMatch(value: unknown, pattern: unknown): boolean {
  if (Object.is(value, pattern)) return true;
  if (pattern instanceof RegExp) return pattern.test(String(value));
  if (typeof pattern === 'string')
    return typeof value === 'string' && pattern !== '' && value.includes(pattern);
  if (typeof pattern === 'function') {
    return value instanceof pattern || typeof value === pattern.name.toLowerCase();
  }
  if (!isObject(pattern) || !isObject(value)) return false;
  if (pattern instanceof Map || pattern instanceof Set) return isSame(value, pattern, false);
  return Object.keys(pattern).every((key) => isMatch(value[key], pattern[key]));
}
