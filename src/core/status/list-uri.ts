// Which list a uri names.

/** Canonical decimal, so that one list has one uri. */
const LIST_NUMBER = /^(?:0|[1-9][0-9]{0,14})$/;

/** The list's number under the base; null when the uri leads anywhere else, which nobody follows. */
export function listNumberOf(uri: string, base: string): number | null {
  const rest = uri.startsWith(base) ? uri.slice(base.length) : '';
  return LIST_NUMBER.test(rest) ? Number(rest) : null;
}
