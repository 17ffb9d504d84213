// `--only`: one thing of a credential, bare, for the next command of a pipe.

import { YimaError } from '../core/errors/yima-error.js';
import type { CredentialView } from '../http/schemas/credential.js';
import type { OptionSpec } from './command.js';
import type { Terminal } from './terminal.js';

export const ONLY = {
  type: 'string',
  value: 'id|code',
  description: {
    'zh-CN': '只输出编号，或只输出码（每种形式一行）',
    en: 'Print the id alone, or the codes alone, one a line',
  },
} as const satisfies OptionSpec;

/** @throws YimaError `invalid_request` */
export function printOnly(what: string, view: CredentialView, terminal: Terminal): void {
  if (what === 'id') terminal.out(`${view.id}\n`);
  else if (what === 'code') terminal.out(view.encodings.map(({ code }) => `${code}\n`).join(''));
  else throw new YimaError('invalid_request', '--only is id or code.', { field: 'only' });
}
