// The question before what cannot be undone. Nobody to ask is a no, never a yes.

import type { Text } from '../core/errors/reasons.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { Terminal } from './terminal.js';

const PROMPT: Text = { 'zh-CN': '确定吗？输入 y 继续：', en: 'Sure? Type y to go on: ' };

/**
 * @param what what is about to happen, with its count
 * @throws YimaError `invalid_request` when the answer is no, or when there is nobody to ask and `--yes` was not given
 */
export async function confirm(terminal: Terminal, what: Text, yes: boolean): Promise<void> {
  if (yes) return;
  const { language } = terminal;
  if (!terminal.interactive) {
    throw new YimaError(
      'invalid_request',
      `${what[language]} Nobody can be asked here: add --yes if that is meant. Nothing was changed.`,
    );
  }
  terminal.talk(`${what[language]}\n`);
  const answer = await terminal.ask(PROMPT[language]);
  if (!/^(?:y|yes|是)$/i.test(answer.trim())) throw new YimaError('invalid_request', 'Nothing was changed.');
}
