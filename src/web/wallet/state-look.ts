// How each state of a pass looks and reads: tone, icon, word and meaning together. Pure.

import type { Text } from '../../core/errors/reasons.js';
import { showDateTime } from '../shared/times.js';
import type { PassState } from './held-code.js';
import type { ClipName } from './speech-texts.js';
import type { WalletSpoken } from './wallet-language.js';
import type { WalletWordKey } from './words/zh-cn.js';

type StateIcon = 'passed' | 'attention' | 'halt' | 'clock' | 'question' | 'again' | 'banned' | 'paused';

export interface StateLook {
  /** A class of tokens.css. */
  readonly tone: string;
  readonly icon: StateIcon;
  readonly word: string;
  readonly meaning: string;
  /** What is played when the person asks to hear it; null: no clip says this. */
  readonly clip: ClipName | null;
}

interface Known {
  readonly tone: string;
  readonly icon: StateIcon;
  readonly meaning: WalletWordKey;
  readonly clip: ClipName | null;
}

const KNOWN: Readonly<Record<string, Known>> = {
  green: { tone: 'tone-ok', icon: 'passed', meaning: 'state.meaning.green', clip: 'green' },
  valid: { tone: 'tone-ok', icon: 'passed', meaning: 'state.meaning.valid', clip: 'valid' },
  yellow: { tone: 'tone-ask', icon: 'attention', meaning: 'state.meaning.yellow', clip: 'yellow' },
  red: { tone: 'tone-stop', icon: 'halt', meaning: 'state.meaning.red', clip: 'red' },
  pending: { tone: 'tone-grey', icon: 'clock', meaning: 'state.meaning.pending', clip: 'pending' },
  revoked: { tone: 'tone-gone', icon: 'banned', meaning: 'state.meaning.revoked', clip: 'revoked' },
  suspended: { tone: 'tone-gone', icon: 'paused', meaning: 'state.meaning.suspended', clip: 'suspended' },
  moved: { tone: 'tone-gone', icon: 'banned', meaning: 'state.meaning.moved', clip: null },
};

/** A state of a kind that this version has no look for. */
const OTHER = { tone: 'tone-grey', icon: 'question', meaning: 'state.meaning.other', clip: null } as const;

export function lookOf(state: PassState, { language, say }: WalletSpoken): StateLook {
  const inLanguage = (text: Text): string => text[language];
  switch (state.name) {
    case 'current':
    case 'ended': {
      const { tone, icon, meaning, clip } = KNOWN[state.word] ?? OTHER;
      return { tone, icon, word: inLanguage(state.text), meaning: say(meaning), clip };
    }
    case 'stale':
      return {
        tone: 'tone-grey',
        icon: 'clock',
        word: say('state.stale'),
        meaning: say('state.meaning.stale', { word: inLanguage(state.text) }),
        clip: 'stale',
      };
    case 'expired':
      return {
        tone: 'tone-again',
        icon: 'again',
        word: say('state.expired'),
        meaning: say('state.meaning.expired'),
        clip: 'expired',
      };
    case 'early':
      return {
        tone: 'tone-grey',
        icon: 'clock',
        word: say('state.early'),
        meaning: say('state.meaning.early', { time: showDateTime(state.at, language) }),
        clip: 'early',
      };
    case 'unseen':
      return {
        tone: 'tone-grey',
        icon: 'clock',
        word: say('state.unseen'),
        meaning: say('state.meaning.unseen'),
        clip: 'stale',
      };
  }
}
