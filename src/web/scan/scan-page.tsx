// The scanner: enrolment first, then camera, answer, camera. Everything it shows comes from the checkpoint's state.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shared/icons.js';
import { keepShell, type Shell } from '../shared/shell.js';
import { useLanguage } from '../shared/use-language.js';
import { CameraView } from './camera-view.js';
import { type Checkpoint, type CheckpointState, type Judged, openCheckpoint } from './checkpoint.js';
import { codeIn } from './code-in-file.js';
import { EnrolView } from './enrol-view.js';
import { FreshnessBar } from './freshness-bar.js';
import type { AskFailure } from './node-api.js';
import { PdfError } from './pdf.js';
import { ResultView } from './result-view.js';
import { createScanSay, type ScanSpoken } from './scan-language.js';
import { ShiftView } from './shift-view.js';
import { signal } from './signals.js';
import { TypeView } from './type-view.js';
import { useCamera } from './use-camera.js';
import { usePaste } from './use-paste.js';
import { useWedge } from './use-wedge.js';

export function ScanPage({ code }: { readonly code: string }) {
  const spoken = useLanguage(createScanSay);
  const [checkpoint, setCheckpoint] = useState<Checkpoint | null>(null);
  const [state, setState] = useState<CheckpointState | null>(null);
  const [newer, setNewer] = useState<Shell | null>(null);
  useEffect(() => {
    void openCheckpoint(setState).then(setCheckpoint);
    void keepShell('scan', setNewer);
  }, []);
  if (checkpoint === null || state === null || state.phase === 'starting')
    return <p class="waiting">{spoken.say('scan.starting')}</p>;
  if (state.phase === 'enrol')
    return <EnrolView spoken={spoken} code={code} revoked={state.revoked} enrol={checkpoint.enrol} />;
  return <Gate spoken={spoken} checkpoint={checkpoint} state={state} newer={newer} />;
}

interface GateProps {
  readonly spoken: ScanSpoken;
  readonly checkpoint: Checkpoint;
  readonly state: CheckpointState;
  readonly newer: Shell | null;
}

function Gate({ spoken, checkpoint, state, newer }: GateProps) {
  const { say } = spoken;
  const [view, setView] = useState<'scan' | 'type' | 'shift'>('scan');
  const [judged, setJudged] = useState<Judged | null>(null);
  const [note, setNote] = useState('');
  const busy = useRef(false);
  /** Of the newest question: the answer to one that was left belongs to nobody who stands here now. */
  const question = useRef(0);
  const ask = useCallback((): number => {
    setNote('');
    question.current += 1;
    return question.current;
  }, []);
  const answer = (found: Judged): void => {
    signal(found.answer.tone);
    setJudged(found);
  };
  const judge = useCallback(
    async (text: string): Promise<void> => {
      if (busy.current) return;
      busy.current = true;
      ask();
      try {
        const found = await checkpoint.judge(text);
        if (found === null) setNote(say('scan.notReady'));
        else answer(found);
        setView('scan');
      } finally {
        busy.current = false;
      }
    },
    [checkpoint, say, ask],
  );
  const judgeShortId = async (shortId: string): Promise<AskFailure | null> => {
    const asked = ask();
    const found = await checkpoint.judgeShortId(shortId);
    if (typeof found === 'string') return found;
    if (asked !== question.current) return null;
    answer(found);
    setView('scan');
    return null;
  };
  const paused = judged !== null || view !== 'scan';
  const camera = useCamera(paused, (text) => void judge(text));
  useWedge(view === 'scan', (text) => void judge(text));
  const readFile = async (file: File): Promise<void> => {
    const asked = ask();
    setNote(say('scan.checking'));
    const found = await codeIn(file).catch((error: unknown) =>
      error instanceof PdfError ? error : new PdfError('pdf.broken'),
    );
    if (asked !== question.current) return;
    const isText = typeof found === 'string';
    setNote(isText ? '' : say(found?.trouble ?? 'scan.noSymbol'));
    if (isText) await judge(found);
  };
  usePaste(view === 'scan', {
    file: (file) => void readFile(file),
    text: (text) => void judge(text),
  });
  const override = (choice: Parameters<Checkpoint['override']>[1]): void => {
    if (judged === null) return;
    const { reason, credential } = judged.answer;
    void checkpoint.override(reason, choice, credential?.kind ?? null);
  };
  return (
    <>
      <main class={`gate${view === 'scan' ? '' : ' gate-away'}`} inert={paused}>
        <FreshnessBar spoken={spoken} state={state} now={checkpoint.now} />
        <div class="view">
          <CameraView say={say} camera={camera} />
          {note !== '' && (
            <p class="gate-note" role="status">
              {note}
            </p>
          )}
        </div>
        <nav class="tools">
          {camera.torch !== null && (
            <button type="button" class="tool" aria-pressed={camera.torch} onClick={camera.switchTorch}>
              <Icon name="sign" />
              {say(camera.torch ? 'scan.torchOff' : 'scan.torchOn')}
            </button>
          )}
          <label class="tool">
            <Icon name="symbol" />
            {say('scan.picture')}
            <input
              type="file"
              accept="image/*,.pdf"
              class="unseen"
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? [];
                event.currentTarget.value = '';
                if (file !== undefined) void readFile(file);
              }}
            />
          </label>
          <button type="button" class="tool" onClick={() => setView('type')}>
            <Icon name="card" />
            {say('scan.type')}
          </button>
          <button type="button" class="tool" onClick={() => setView('shift')}>
            <Icon name="list" />
            {say('scan.more')}
          </button>
        </nav>
        {newer !== null && (
          <p class="update">
            {say('update.ready')}
            <button type="button" class="button" onClick={newer.takeOver}>
              {say('update.go')}
            </button>
          </p>
        )}
      </main>
      {view === 'type' && (
        <TypeView
          say={say}
          online={state.online}
          judge={judge}
          judgeShortId={judgeShortId}
          back={() => {
            ask();
            setView('scan');
          }}
        />
      )}
      {view === 'shift' && (
        <ShiftView state={state} checkpoint={checkpoint} spoken={spoken} back={() => setView('scan')} />
      )}
      {judged !== null && (
        <ResultView
          key={judged.n}
          judged={judged}
          spoken={spoken}
          override={override}
          done={() => setJudged(null)}
        />
      )}
    </>
  );
}
