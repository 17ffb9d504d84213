// Before anything is judged: the one-time code makes this device a checkpoint.

import { useState } from 'preact/hooks';
import { PageHeader } from '../shared/page-header.js';
import type { SpokenLanguage } from '../shared/use-language.js';
import type { Checkpoint } from './checkpoint.js';
import type { AskFailure } from './node-api.js';
import type { ScanSpoken } from './scan-language.js';
import type { ScanWordKey } from './words/zh-cn.js';

interface Props {
  readonly spoken: ScanSpoken;
  readonly code: string;
  readonly revoked: boolean;
  readonly enrol: Checkpoint['enrol'];
}

const FAILURES = {
  unreachable: 'enrol.unreachable',
  refused: 'enrol.refused',
  busy: 'failed.busy',
  clock: 'failed.clock',
  revoked: 'enrol.refused',
} as const satisfies Record<AskFailure, ScanWordKey>;
const PIN = /^\d{4,8}$/;

export function EnrolView({ spoken, code: given, revoked, enrol }: Props) {
  const { say } = spoken;
  const [code, setCode] = useState(given);
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const isSecure = globalThis.crypto?.subtle !== undefined;
  const ready = isSecure && code.trim() !== '' && PIN.test(pin) && !busy;
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    const failure = await enrol(code.trim().toLowerCase(), pin);
    setBusy(false);
    if (failure !== null) setTrouble(say(FAILURES[failure]));
  };
  const told = !isSecure ? say('enrol.insecure') : trouble || (revoked ? say('enrol.revoked') : '');
  return (
    <main class="enrol">
      <PageHeader spoken={spoken as unknown as SpokenLanguage} />
      <form class="card enrol-card" onSubmit={(event) => void go(event)}>
        <h1>{say('enrol.title')}</h1>
        <p class="soft">{say('enrol.text')}</p>
        {told !== '' && (
          <p class="notice" role="alert">
            {told}
          </p>
        )}
        <label class="field">
          {say('enrol.code')}
          <input
            class="input code-input"
            value={code}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={64}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          {say('enrol.pin')}
          <input
            class="input"
            value={pin}
            inputMode="numeric"
            autocomplete="off"
            maxLength={8}
            onInput={(event) => setPin(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button button-main" disabled={!ready}>
          {say(busy ? 'enrol.going' : 'enrol.go')}
        </button>
      </form>
    </main>
  );
}
