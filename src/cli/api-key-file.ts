// Asking the node in one's own name: the API key comes from a file, since a command line is no place for a secret.

import { YimaError } from '../core/errors/yima-error.js';
import type { OptionSpec } from './command.js';
import type { Terminal } from './terminal.js';

export const API_KEY = {
  type: 'string',
  value: 'FILE',
  description: {
    'zh-CN': '存有 API 密钥的文件（权限 0600），以其名义办理',
    en: 'File, mode 0600, that holds the API key to ask with',
  },
} as const satisfies OptionSpec;

/**
 * Headers for a request in the name of the key in this file; undefined: as whoever may open the socket.
 * @throws YimaError `not_found`, `key_file_unsafe`, `invalid_request` for a file without a key
 */
export async function asWhom(
  path: string | undefined,
  terminal: Terminal,
): Promise<Readonly<Record<string, string>>> {
  if (path === undefined) return {};
  const key = (await terminal.readSecret(path)).trim();
  if (!/^yk_[a-z2-7]{16}_[a-z2-7]{52}$/.test(key))
    throw new YimaError('invalid_request', `${path} holds no API key.`, { field: 'api-key' });
  return { authorization: `Bearer ${key}` };
}
