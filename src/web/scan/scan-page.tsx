// The scanner: enrolment first, then camera, answer, camera. Everything it shows comes from the checkpoint's state.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shared/icons.js';
import { keepShell, type Shell } from '../shared/shell.js';
import { useLanguage } from '../shared/use-language.js';
import { type Checkpoint, type CheckpointState, type Judged, openCheckpoint } from './checkpoint.js';
import { readSymbol } from './decoder.js';
import { EnrolView } from './enrol-view.js';
import { clockMinutes, freshnessOf, freshnessText } from './freshness.js';
import { ResultView } from './result-view.js';
import { createScanSay, type ScanSpoken } from './scan-language.js';
import { ShiftView } from './shift-view.js';
import { signal } from './signals.js';
import { useCamera } from './use-camera.js';
import { usePaste } from './use-paste.js';
import { useWedge } from './use-wedge.js';

const TICK_MS = 1_000;

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
  const judge = useCallback(
    async (text: string): Promise<void> => {
      if (busy.current) return;
      busy.current = true;
      setNote('');
      try {
        const found = await checkpoint.judge(text);
        if (found === null) return setNote(say('scan.notReady'));
        signal(found.answer.tone);
        setView('scan');
        setJudged(found);
      } finally {
        busy.current = false;
      }
    },
    [checkpoint, say],
  );
  const paused = judged !== null || view !== 'scan';
  const camera = useCamera(paused, (text) => void judge(text));
  useWedge(view === 'scan', (text) => void judge(text));
  const readPicture = async (file: File): Promise<void> => {
    const text = await readSymbol(file).catch(() => null);
    if (text === null) setNote(say('scan.noSymbol'));
    else await judge(text);
  };
  usePaste(view === 'scan', {
    picture: (file) => void readPicture(file),
    text: (text) => void judge(text),
  });
  const override = (choice: Parameters<Checkpoint['override']>[1]): void => {
    if (judged === null) return;
    const { reason, credential } = judged.answer;
    void checkpoint.override(reason, choice, credential?.kind ?? null);
  };
  return (
    <>
      <main class={`gate${view === 'scan' ? '' : ' gate-away'}`} aria-hidden={paused}>
        <FreshnessBar spoken={spoken} state={state} now={checkpoint.now} />
        <div class="view">
          <video ref={camera.video} muted playsInline aria-label={say('scan.aim')} />
          {camera.state === 'on' ? (
            <>
              <div class="finder" />
              <p class="aim">{say('scan.aim')}</p>
            </>
          ) : (
            <div class="no-camera" role="status" data-camera={camera.state}>
              <Icon name="scan" />
              <p>{say(`camera.${camera.state}`)}</p>
              {camera.state !== 'starting' && (
                <button type="button" class="button" onClick={camera.retry}>
                  {say('camera.retry')}
                </button>
              )}
            </div>
          )}
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
              accept="image/*"
              class="unseen"
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? [];
                event.currentTarget.value = '';
                if (file !== undefined) void readPicture(file);
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
      {view === 'type' && <TypeView say={say} judge={judge} back={() => setView('scan')} />}
      {view === 'shift' && (
        <ShiftView state={state} checkpoint={checkpoint} spoken={spoken} back={() => setView('scan')} />
      )}
      {judged !== null && (
        <ResultView judged={judged} spoken={spoken} override={override} done={() => setJudged(null)} />
      )}
    </>
  );
}

interface BarProps {
  readonly spoken: ScanSpoken;
  readonly state: CheckpointState;
  readonly now: () => number;
}

function FreshnessBar({ spoken, state, now }: BarProps) {
  const { say } = spoken;
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const level = freshnessOf(state, now());
  const minutes = clockMinutes(state.offset);
  const online = state.syncing ? 'fresh.syncing' : state.online ? 'fresh.online' : 'fresh.offline';
  return (
    <header class="bar" data-fresh={level} data-online={state.online}>
      <p class="bar-line">
        <strong>
          <bdi>{state.site?.name}</bdi>
        </strong>
        <span class="bar-net">{say(online)}</span>
      </p>
      <p class="bar-line">
        <Icon name={level === 'ok' ? 'passed' : level === 'old' ? 'clock' : 'attention'} />
        <span>{freshnessText(state, level, spoken)}</span>
      </p>
      {minutes > 0 && <p class="bar-line bar-warn">{say('fresh.clock', { n: minutes })}</p>}
      {!state.keeps && <p class="bar-line bar-warn">{say('fresh.keeps')}</p>}
      {state.listsRefused > 0 && (
        <p class="bar-line bar-warn">{say('fresh.refused', { n: state.listsRefused })}</p>
      )}
    </header>
  );
}

interface TypeProps {
  readonly say: ScanSpoken['say'];
  readonly judge: (text: string) => Promise<void>;
  readonly back: () => void;
}

function TypeView({ say, judge, back }: TypeProps) {
  const [text, setText] = useState('');
  return (
    <main class="sheet-page">
      <header class="sheet-head">
        <button type="button" class="button" onClick={back}>
          <Icon name="back" />
          {say('type.back')}
        </button>
      </header>
      <form
        class="card panel"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') void judge(text.trim());
        }}
      >
        <h1>{say('type.title')}</h1>
        <label class="field">
          {say('type.label')}
          <textarea
            class="input"
            rows={6}
            value={text}
            autocapitalize="none"
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button button-main" disabled={text.trim() === ''}>
          {say('type.go')}
        </button>
      </form>
    </main>
  );
}
