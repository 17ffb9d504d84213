// The shipped clips by language and name. See speech-texts.ts for what they say.

import type { Language } from '../shared/language.js';
import enEarly from './speech/en/early.mp3';
import enExpired from './speech/en/expired.mp3';
import enGreen from './speech/en/green.mp3';
import enPending from './speech/en/pending.mp3';
import enRed from './speech/en/red.mp3';
import enRevoked from './speech/en/revoked.mp3';
import enStale from './speech/en/stale.mp3';
import enSuspended from './speech/en/suspended.mp3';
import enValid from './speech/en/valid.mp3';
import enYellow from './speech/en/yellow.mp3';
import zhEarly from './speech/zh-CN/early.mp3';
import zhExpired from './speech/zh-CN/expired.mp3';
import zhGreen from './speech/zh-CN/green.mp3';
import zhPending from './speech/zh-CN/pending.mp3';
import zhRed from './speech/zh-CN/red.mp3';
import zhRevoked from './speech/zh-CN/revoked.mp3';
import zhStale from './speech/zh-CN/stale.mp3';
import zhSuspended from './speech/zh-CN/suspended.mp3';
import zhValid from './speech/zh-CN/valid.mp3';
import zhYellow from './speech/zh-CN/yellow.mp3';
import type { ClipName } from './speech-texts.js';

const CLIPS: Readonly<Record<Language, Readonly<Record<ClipName, string>>>> = {
  'zh-CN': {
    green: zhGreen,
    yellow: zhYellow,
    red: zhRed,
    pending: zhPending,
    valid: zhValid,
    revoked: zhRevoked,
    suspended: zhSuspended,
    expired: zhExpired,
    early: zhEarly,
    stale: zhStale,
  },
  en: {
    green: enGreen,
    yellow: enYellow,
    red: enRed,
    pending: enPending,
    valid: enValid,
    revoked: enRevoked,
    suspended: enSuspended,
    expired: enExpired,
    early: enEarly,
    stale: enStale,
  },
};

let playing: HTMLAudioElement | null = null;

/** Plays a clip; one that still plays stops. Silent where the browser does not play. */
export function speak(name: ClipName, language: Language): void {
  playing?.pause();
  playing = new Audio(CLIPS[language][name]);
  playing.play().catch(() => undefined);
}
