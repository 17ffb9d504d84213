// Line icons on a 24-unit grid, drawn here so that no font or picture is fetched. A word always stands beside them.

const PATHS = {
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  cross: ['M6.5 6.5l11 11', 'M17.5 6.5l-11 11'],
  dash: ['M7 12h10'],
  passed: ['M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z', 'M8 12.4l2.8 2.8L16 9.6'],
  attention: ['M12 3.6L2.6 20h18.8z', 'M12 10v4.4', 'M12 17.3v.01'],
  halt: ['M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2z', 'M8 12h8'],
  again: ['M20 11a8 8 0 1 0-2.3 6.3', 'M20.4 4.8V11h-6.2'],
  question: [
    'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
    'M9.4 9.6a2.7 2.7 0 1 1 3.7 2.5c-.7.3-1.1.8-1.1 1.6v.3',
    'M12 16.8v.01',
  ],
  banned: ['M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z', 'M5.7 5.7l12.6 12.6'],
  paused: ['M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z', 'M10 9v6', 'M14 9v6'],
  clock: ['M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z', 'M12 7v5l3.2 2'],
  plus: ['M12 5v14', 'M5 12h14'],
  arrow: ['M5 12h14', 'M13 6l6 6-6 6'],
  sign: ['M4 20h16', 'M14.5 4.5l4 4L9 18H5v-4z'],
  symbol: [
    'M4 4h6v6H4z',
    'M14 4h6v6h-6z',
    'M4 14h6v6H4z',
    'M14 14h2.5v2.5',
    'M20 14v2.5',
    'M14 20h2.5',
    'M20 20v.01',
  ],
  scan: [
    'M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8',
    'M16 4h2.5A1.5 1.5 0 0 1 20 5.5V8',
    'M20 16v2.5a1.5 1.5 0 0 1-1.5 1.5H16',
    'M8 20H5.5A1.5 1.5 0 0 1 4 18.5V16',
    'M4 12h16',
  ],
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {PATHS[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
