// Which names and addresses mean this very machine: the one notion for settings, doctor, demo and operator port.

/** A number of a dotted IPv4 address, 0 to 255 without leading zeros. */
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = new RegExp(`^(?:(?:::ffff:)?127(?:\\.${OCTET}){3}|::1)$`, 'i');
/** What a `Host` header or the authority of an address holds: a name or address, an IPv6 one in brackets, and a port. */
const AUTHORITY = /^(?:\[([^[\]]*)\]|([^:[\]]*))(?::\d{1,5})?$/;

/** True for 127.0.0.0/8, ::1 and the former as IPv6 writes it, `::ffff:127.0.0.1`. */
export function isLoopbackAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** True for `localhost` and loopback addresses. No other name, whatever it resolves to. */
export function isLoopbackHost(text: string): boolean {
  return text.toLowerCase() === 'localhost' || isLoopbackAddress(text);
}

/**
 * True when a `Host` header, with or without a port, names this machine. A page whose own name was pointed at 127.0.0.1
 * (DNS rebinding) sends that name and gets false.
 */
export function isLoopbackAuthority(text: string): boolean {
  const [, address, name] = AUTHORITY.exec(text) ?? [];
  return address === undefined ? isLoopbackHost(name ?? '') : isLoopbackAddress(address);
}
