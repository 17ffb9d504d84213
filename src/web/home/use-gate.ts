// The checkpoint as state: one text in its box, the answer to the last text verified, and which text that was.

import { useCallback, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../core/verify/answer.js';
import type { Failure } from '../shared/request.js';
import { type Sample, verifyDemo } from './demo-api.js';

/** Where a text came from: the demo credential, a sample, or the person's own typing. */
export type Source = 'demo' | 'typed' | Sample;

interface Verdict {
  readonly answer: Answer;
  readonly source: Source;
  /** Epoch seconds on this device, only to show which answer is the newest. */
  readonly at: number;
}

export interface Gate {
  readonly text: string;
  readonly source: Source;
  /** What the person typed last, kept while another text is in the box. */
  readonly typed: string;
  readonly verdict: Verdict | null;
  readonly busy: boolean;
  readonly failure: Failure | 'empty' | null;
  readonly type: (text: string) => void;
  /** Puts a text into the box and verifies it. */
  readonly check: (text: string, source: Source) => void;
}

export function useGate(): Gate {
  const [box, setBox] = useState<{ readonly text: string; readonly source: Source }>({
    text: '',
    source: 'demo',
  });
  const [typed, setTyped] = useState('');
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Gate['failure']>(null);
  const turn = useRef(0);

  const check = useCallback(async (text: string, source: Source): Promise<void> => {
    setBox({ text, source });
    // A paste brings line ends along; base45 text never begins or ends with its own space.
    const code = text.trim();
    if (code === '') {
      setFailure('empty');
      return;
    }
    turn.current += 1;
    const mine = turn.current;
    setBusy(true);
    const reply = await verifyDemo(code);
    if (mine !== turn.current) return;
    setBusy(false);
    setFailure(reply.ok ? null : reply.failure);
    setVerdict(reply.ok ? { answer: reply.value, source, at: Date.now() / 1000 } : null);
  }, []);

  const type = useCallback((text: string): void => {
    setBox({ text, source: 'typed' });
    setTyped(text);
    setFailure(null);
  }, []);

  return { ...box, typed, verdict, busy, failure, type, check: (text, source) => void check(text, source) };
}
