// The demo credential as state: kept over a reload while the server still knows it, changed only by what the server answers.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Failure, Reply } from '../shared/request.js';
import {
  type DemoCredential,
  findDemo,
  issueDemo,
  type Level,
  listSamples,
  revokeDemo,
  type Sample,
  setDemoLevel,
} from './demo-api.js';

const STORAGE_KEY = 'yima.demo';

function recallId(): string | null {
  try {
    return sessionStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

function rememberId(id: string): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, id);
  } catch {
    // A reload then issues a new code.
  }
}

/** The remembered credential if the server still has it, else a new one. */
async function resumeOrIssue(): Promise<Reply<DemoCredential>> {
  const id = recallId();
  if (id === null) return issueDemo();
  const found = await findDemo(id);
  return !found.ok && found.failure.name === 'gone' ? issueDemo() : found;
}

export interface Demo {
  /** `off`: the server has no demo surface, or none for this browser. */
  readonly phase: 'loading' | 'ready' | 'off';
  readonly credential: DemoCredential | null;
  readonly samples: readonly Sample[];
  readonly busy: boolean;
  /** The last thing that failed, with the way to try it again. */
  readonly failed: { readonly failure: Failure; readonly retry: () => void } | null;
  readonly issue: () => void;
  readonly setLevel: (level: Level) => void;
  readonly revoke: () => void;
  /** Takes the credential's present state from the server. */
  readonly refresh: () => void;
}

export function useDemo(): Demo {
  const [phase, setPhase] = useState<Demo['phase']>('loading');
  const [credential, setCredential] = useState<DemoCredential | null>(null);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Demo['failed']>(null);
  const running = useRef(false);

  /** One change at a time; every answer of the server replaces the whole credential. */
  const change = useCallback(async (ask: () => Promise<Reply<DemoCredential>>): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    const reply = await ask();
    running.current = false;
    setBusy(false);
    if (!reply.ok) {
      setFailed({ failure: reply.failure, retry: () => void change(ask) });
      return;
    }
    setFailed(null);
    rememberId(reply.value.id);
    setCredential(reply.value);
    setPhase('ready');
  }, []);

  const start = useCallback(async (): Promise<void> => {
    const listed = await listSamples();
    if (listed.ok) {
      setSamples(listed.value.samples);
      await change(resumeOrIssue);
    } else if (listed.failure.name === 'gone' || listed.failure.name === 'forbidden') {
      setPhase('off');
    } else {
      setFailed({ failure: listed.failure, retry: () => void start() });
    }
  }, [change]);

  useEffect(() => void start(), [start]);

  const id = credential?.id;
  return {
    phase,
    credential,
    samples,
    busy,
    failed,
    issue: () => void change(issueDemo),
    setLevel: (level) => id !== undefined && void change(() => setDemoLevel(id, level)),
    revoke: () => id !== undefined && void change(() => revokeDemo(id)),
    refresh: () => id !== undefined && void change(() => findDemo(id)),
  };
}
