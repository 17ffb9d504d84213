// Typed by hand: the short id under a paper's symbol, or the whole text of a code.

import { useState } from 'preact/hooks';
import { parseShortId } from '../../core/codec/short-id.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { Icon } from '../shared/icons.js';
import type { AskFailure } from './node-api.js';
import type { ScanSay } from './scan-language.js';
import type { ScanWordKey } from './words/zh-cn.js';

interface Props {
  readonly say: ScanSay;
  readonly online: boolean;
  readonly judge: (text: string) => Promise<void>;
  /** @returns why there is no answer; null: it stands on the screen */
  readonly judgeShortId: (shortId: string) => Promise<AskFailure | null>;
  readonly back: () => void;
}

export function TypeView({ say, online, judge, judgeShortId, back }: Props) {
  return (
    <main class="sheet-page">
      <header class="sheet-head">
        <button type="button" class="button" onClick={back}>
          <Icon name="back" />
          {say('type.back')}
        </button>
      </header>
      <ShortId say={say} online={online} judge={judgeShortId} />
      <WholeText say={say} judge={judge} />
    </main>
  );
}

const FAILURES = {
  unreachable: 'short.unreachable',
  refused: 'short.refused',
  busy: 'failed.busy',
  clock: 'failed.clock',
  revoked: 'enrol.revoked',
} as const satisfies Record<AskFailure, ScanWordKey>;

type ShortIdFault = 'length' | 'characters' | 'check_character';

/** The short id as it is stored, or what is wrong with it. */
function read(typed: string): { readonly shortId: string } | { readonly fault: ShortIdFault } {
  try {
    return { shortId: parseShortId(typed) };
  } catch (error) {
    if (error instanceof YimaError) return { fault: error.rule as ShortIdFault };
    throw error;
  }
}

interface ShortIdProps {
  readonly say: ScanSay;
  readonly online: boolean;
  readonly judge: Props['judgeShortId'];
}

/** A slip of the hand is told while it is typed, and nobody is asked about it. */
function ShortId({ say, online, judge }: ShortIdProps) {
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<AskFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const typed = read(text);
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if ('fault' in typed || busy) return;
    setBusy(true);
    setFailure(await judge(typed.shortId));
    setBusy(false);
  };
  const told = (): string => {
    if ('fault' in typed) {
      const isUnfinished = typed.fault === 'length' && !tried;
      return text === '' || isUnfinished ? '' : say(`short.${typed.fault}`);
    }
    return failure === null ? '' : say(FAILURES[failure]);
  };
  return (
    <form class="card panel" onSubmit={(event) => void go(event)}>
      <h1>{say('short.title')}</h1>
      {!online && failure === null && <p class="notice">{say('short.unreachable')}</p>}
      <label class="field">
        {say('short.label')}
        <input
          class="input code-input"
          value={text}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setTried(false);
            setFailure(null);
          }}
        />
      </label>
      <p class="fault" role="alert">
        {told()}
      </p>
      <button type="submit" class="button button-main" disabled={busy}>
        {say(busy ? 'scan.checking' : 'short.go')}
      </button>
    </form>
  );
}

function WholeText({ say, judge }: Pick<Props, 'say' | 'judge'>) {
  const [text, setText] = useState('');
  return (
    <form
      class="card panel"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') void judge(text.trim());
      }}
    >
      <h2>{say('type.title')}</h2>
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
  );
}
