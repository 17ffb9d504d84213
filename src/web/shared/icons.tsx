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
  back: ['M19 12H5', 'M11 6l-6 6 6 6'],
  settings: [
    'M4 7h9',
    'M17 7h3',
    'M4 17h3',
    'M11 17h9',
    'M17 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
    'M11 17a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
  ],
  speak: ['M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z', 'M15.5 9a4 4 0 0 1 0 6', 'M18 6.5a8 8 0 0 1 0 11'],
  card: ['M3.5 5.5h17v13h-17z', 'M7 10h5', 'M7 14h10'],
  list: ['M8 6h12', 'M8 12h12', 'M8 18h12', 'M4 6v.01', 'M4 12v.01', 'M4 18v.01'],
  next: ['M9 5l7 7-7 7'],
  offline: [
    'M3 4l18 16',
    'M5 12a10 10 0 0 1 3-2',
    'M12 8.5A10 10 0 0 1 19 12',
    'M8.5 15.5a5 5 0 0 1 7 0',
    'M12 19v.01',
  ],
  install: ['M12 4v10', 'M8 10.5l4 4 4-4', 'M5 19h14'],
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
