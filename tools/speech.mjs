// Makes the clips that elder mode plays, from src/web/wallet/speech-texts.ts, with Debian's espeak-ng and ffmpeg: 16 kbit/s MP3, which
// every browser plays. Run by hand after a text has changed: node tools/speech.mjs

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { ROOT } from './steps.mjs';

const VOICES = { 'zh-CN': 'cmn', en: 'en-gb' };
const WORDS_A_MINUTE = 135;
const WALLET = join(ROOT, 'src/web/wallet');

const source = readFileSync(join(WALLET, 'speech-texts.ts'), 'utf8');
const { code } = transformSync(source, { loader: 'ts', format: 'esm' });
const { SPEECH_TEXTS } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const folder = mkdtempSync(join(tmpdir(), 'yima-speech-'));
for (const [language, texts] of Object.entries(SPEECH_TEXTS)) {
  mkdirSync(join(WALLET, 'speech', language), { recursive: true });
  for (const [name, text] of Object.entries(texts)) {
    const spoken = join(folder, 'clip.wav');
    execFileSync('espeak-ng', ['-v', VOICES[language], '-s', String(WORDS_A_MINUTE), '-w', spoken, text]);
    const clip = join(WALLET, 'speech', language, `${name}.mp3`);
    const output = [
      '-ac',
      '1',
      '-ar',
      '16000',
      '-b:a',
      '16k',
      '-map_metadata',
      '-1',
      '-fflags',
      '+bitexact',
      clip,
    ];
    execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-i', spoken, '-codec:a', 'libmp3lame', ...output]);
  }
}
rmSync(folder, { recursive: true });
