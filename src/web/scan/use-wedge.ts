// Hand-held scanners that type like a keyboard: a burst of characters that ends in Enter is a code.

import { useEffect, useRef } from 'preact/hooks';

/** People type slower than this between two keys. */
const BURST_MS = 80;
const MOST_CHARACTERS = 4_296;
const SHORTEST = 8;

export function useWedge(active: boolean, found: (text: string) => void): void {
  const latest = useRef(found);
  latest.current = found;
  useEffect(() => {
    if (!active) return;
    let text = '';
    let at = 0;
    const hear = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.timeStamp - at > BURST_MS) text = '';
      at = event.timeStamp;
      if (event.key === 'Enter') {
        if (text.length >= SHORTEST) {
          event.preventDefault();
          latest.current(text);
        }
        text = '';
      } else if (event.key.length === 1 && text.length <= MOST_CHARACTERS) {
        text += event.key;
        if (event.key === ' ') event.preventDefault();
      }
    };
    addEventListener('keydown', hear, true);
    return () => removeEventListener('keydown', hear, true);
  }, [active]);
}
