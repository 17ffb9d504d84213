// Several tabs of one wallet: one of them leads and asks the server, all hear when something was kept.

export interface OtherTabs {
  /** Tells the others that what is kept has changed. */
  readonly changed: () => void;
  /** Runs alone among all tabs. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

const LEADER = 'yima-wallet-leader';
const WORK = 'yima-wallet-work';
const CHANNEL = 'yima-wallet';

/**
 * @param onLead called once this tab leads: at once where it is the only one, else when those before it are gone
 * @param onChanged called when another tab has changed what is kept
 */
export function joinTabs(onLead: () => void, onChanged: () => void): OtherTabs {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = onChanged;
  // Held until the tab is gone.
  void navigator.locks.request(LEADER, () => {
    onLead();
    return new Promise<never>(() => undefined);
  });
  return {
    changed: () => channel.postMessage('changed'),
    alone: (work) => navigator.locks.request(WORK, work) as ReturnType<typeof work>,
  };
}
