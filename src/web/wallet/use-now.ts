// The server's time on the screen, to the second.

import { useEffect, useState } from 'preact/hooks';
import { serverNow } from './server-clock.js';

/** Epoch seconds by the server's clock, told anew at every whole second while the page is seen. */
export function useNow(offset: number): number {
  const read = (): number => serverNow(Date.now(), offset);
  const [now, setNow] = useState(read);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = (): void => {
      const time = read();
      if (document.visibilityState === 'visible') setNow(time);
      timer = setTimeout(tick, 1000 - ((time * 1000) % 1000) + 5);
    };
    tick();
    document.addEventListener('visibilitychange', onSeen);
    function onSeen(): void {
      if (document.visibilityState === 'visible') setNow(read());
    }
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onSeen);
    };
  }, [offset]);
  return now;
}
