// The page from which a phone takes this node's own TLS authority in. It needs no script: a phone that does not trust the node yet still reads it.

import type { Text } from '../../core/errors/reasons.js';
import { stylePolicy } from '../inline-style.js';
import { STEPS, WORDS } from './words.js';

const STYLE = `
body{margin:0;background:#f3f5f8;color:#16202e;font:18px/1.6 system-ui,"PingFang SC","Noto Sans SC","WenQuanYi Zen Hei",sans-serif}
main{max-width:40rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.3;margin:.5rem 0}
h2{font-size:1.1rem;margin:1.25rem 0 .25rem}
p,ol{margin:.5rem 0}
.en{display:block;color:#465468}
code{display:block;padding:.75rem;background:#fff;border-radius:.5rem;font-size:1rem;overflow-wrap:anywhere}
a{display:block;padding:.9rem;border-radius:.5rem;background:#1a5fb4;color:#fff;text-align:center;text-decoration:none;font-weight:600}
a .en{color:inherit;font-weight:400}
`;

export const AUTHORITY_POLICY = `${stylePolicy(STYLE)}; frame-ancestors 'none'`;

function both({ 'zh-CN': chinese, en }: Text): string {
  return `${chinese} <span class="en" lang="en">${en}</span>`;
}

/** @param fingerprint SHA-256 as `AB:CD:…` @param file address of the certificate */
export function authorityPage(fingerprint: string, file: string): string {
  const ways = STEPS.map(
    ({ system, steps }) =>
      `<h2>${both(system)}</h2>\n<ol>${steps.map((step) => `<li>${both(step)}</li>`).join('\n')}</ol>`,
  );
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${WORDS.title['zh-CN']} · ${WORDS.title.en}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${both(WORDS.title)}</h1>
<p>${both(WORDS.meaning)}</p>
<p>${both(WORDS.compare)}</p>
<code>${fingerprint.replaceAll(':', ' ')}</code>
<p><a href="${file}">${both(WORDS.download)}</a></p>
<p>${both(WORDS.only)}</p>
${ways.join('\n')}
<p>${both(WORDS.removal)}</p>
</main>
</body>
</html>
`;
}
