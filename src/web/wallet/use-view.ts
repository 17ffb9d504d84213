// Which screen is open. The browser's back button goes back one screen; the address stays the same and says nothing.

import { useCallback, useEffect, useState } from 'preact/hooks';

export type View = 'pass' | 'list' | 'add' | 'claim' | 'licence' | 'why' | 'more';

interface HistoryState {
  readonly view: View;
}

function viewOfHistory(): View {
  const state = history.state as HistoryState | null;
  return state?.view ?? 'pass';
}

export interface Views {
  readonly view: View;
  readonly open: (view: View) => void;
  /** As the back button. */
  readonly back: () => void;
  /** To the pass, with nothing to go back to. */
  readonly home: () => void;
}

export function useView(): Views {
  const [view, setView] = useState<View>(viewOfHistory);
  useEffect(() => {
    const onBack = (): void => setView(viewOfHistory());
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);
  useEffect(() => scrollTo(0, 0), [view]);
  const open = useCallback((next: View) => {
    history.pushState({ view: next } satisfies HistoryState, '');
    setView(next);
  }, []);
  const back = useCallback(() => history.back(), []);
  const home = useCallback(() => {
    history.replaceState({ view: 'pass' } satisfies HistoryState, '');
    setView('pass');
  }, []);
  return { view, open, back, home };
}
