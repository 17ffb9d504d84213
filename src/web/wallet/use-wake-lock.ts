// Keeps the screen from going dark while a code is shown, where the browser can.

import { useEffect } from 'preact/hooks';

export function useWakeLock(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const take = async (): Promise<void> => {
      if (over || document.visibilityState !== 'visible') return;
      try {
        lock = await navigator.wakeLock.request('screen');
        if (over) await lock.release();
      } catch {
        // Low battery or not allowed: the screen dims as it always does.
      }
    };
    const onSeen = (): void => void take();
    void take();
    document.addEventListener('visibilitychange', onSeen);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', onSeen);
      lock?.release().catch(() => undefined);
    };
  }, [wanted]);
}
