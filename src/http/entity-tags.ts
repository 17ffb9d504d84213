// Conditional requests: whether the caller has the representation already.

/** Weak comparison of If-None-Match, as RFC 9110, 13.1.2 asks for. */
export function matchesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const plain = (tag: string): string => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => plain(tag) === plain(etag));
}
