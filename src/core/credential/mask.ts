// How names and numbers are shown to strangers: enough to match an ID card, too little to copy. Masking twice changes
// nothing.

const SEPARATOR = /([·\- ])/;
const CITIZEN_SHAPE = /^([0-9]{6})[0-9*]{8}([0-9]{3}[0-9X])$/;

function maskPart(part: string): string {
  const [first, ...rest] = part;
  if (first === undefined) return '';
  return rest.length === 0 ? '*' : first + '*'.repeat(rest.length);
}

/**
 * 张三 -> 张*, 张小三 -> 张*三, 欧阳小三 -> 欧**三; a name of several parts keeps the first character of each:
 * 阿里木·买买提 -> 阿**·买**, Ada Lovelace -> A** L*******. Length stays, in code points.
 */
export function maskName(name: string): string {
  if (SEPARATOR.test(name)) {
    return name
      .split(SEPARATOR)
      .map((piece, at) => (at % 2 === 1 ? piece : maskPart(piece)))
      .join('');
  }
  const characters = [...name];
  const last = characters.at(-1);
  if (last === undefined || characters.length < 3) return maskPart(name);
  return `${characters[0]}${'*'.repeat(characters.length - 2)}${last}`;
}

/**
 * 33010219000101002X -> 330102********002X. Any other number keeps a quarter of its characters at each end, at most 4:
 * E12345678 -> E1*****78.
 */
export function maskId(id: string): string {
  const citizen = CITIZEN_SHAPE.exec(id);
  if (citizen !== null) return `${citizen[1]}********${citizen[2]}`;
  const kept = Math.min(4, Math.floor(id.length / 4));
  return id.slice(0, kept) + '*'.repeat(id.length - 2 * kept) + id.slice(id.length - kept);
}
