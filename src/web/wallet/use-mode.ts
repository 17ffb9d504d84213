// Elder mode (长辈版) and the size of text: remembered on this phone, shown before anything is drawn. No personal data.

import { useCallback, useEffect, useState } from 'preact/hooks';

const MODE_KEY = 'yima.mode';
const SIZE_KEY = 'yima.size';
/** CSS pixels of the main text in elder mode. */
export const SIZES = [18, 22, 26, 30] as const;
export type Size = (typeof SIZES)[number];

/** Storage may be refused; the mode is then forgotten with the page. */
function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Forgetting it is the whole consequence.
  }
}

export interface Mode {
  readonly elder: boolean;
  readonly size: Size;
  readonly setElder: (elder: boolean) => void;
  readonly setSize: (size: Size) => void;
}

function recallSize(): Size {
  return SIZES.find((size) => String(size) === recall(SIZE_KEY)) ?? 22;
}

export function useMode(): Mode {
  const [elder, setElder] = useState(() => recall(MODE_KEY) === 'elder');
  const [size, setSize] = useState<Size>(recallSize);
  useEffect(() => {
    const { dataset } = document.documentElement;
    dataset['mode'] = elder ? 'elder' : 'standard';
    dataset['size'] = elder ? String(size) : '';
  }, [elder, size]);
  return {
    elder,
    size,
    setElder: useCallback((on: boolean) => {
      remember(MODE_KEY, on ? 'elder' : 'standard');
      setElder(on);
    }, []),
    setSize: useCallback((chosen: Size) => {
      remember(SIZE_KEY, String(chosen));
      setSize(chosen);
    }, []),
  };
}
