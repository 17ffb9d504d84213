// Under the demo: how it works in four steps, and the same from a command line.

import { Icon, type IconName } from '../shared/icons.js';
import type { HomeSay } from './home-language.js';
import type { HomeWordKey } from './words/zh-cn.js';

const STEPS = [
  { icon: 'sign', word: 'how.issue', text: 'how.issueText' },
  { icon: 'symbol', word: 'how.show', text: 'how.showText' },
  { icon: 'scan', word: 'how.verify', text: 'how.verifyText' },
  { icon: 'banned', word: 'how.revoke', text: 'how.revokeText' },
] as const satisfies readonly {
  readonly icon: IconName;
  readonly word: HomeWordKey;
  readonly text: HomeWordKey;
}[];

export function HowItWorks({ say }: { readonly say: HomeSay }) {
  return (
    <section class="how" aria-labelledby="how-title">
      <h2 id="how-title" class="section-title">
        {say('how.title')}
      </h2>
      <ol class="steps">
        {STEPS.map(({ icon, word, text }) => (
          <li key={word} class="step">
            <span class="step-icon">
              <Icon name={icon} />
            </span>
            <h3>{say(word)}</h3>
            <p>{say(text)}</p>
          </li>
        ))}
      </ol>
      <p class="links">
        <a href="/wallet">{say('how.wallet')}</a>
        <a href="/scan">{say('how.scan')}</a>
      </p>
    </section>
  );
}

function Command({ title, lines }: { readonly title: string; readonly lines: string }) {
  return (
    <div class="command">
      <h3 class="label">{title}</h3>
      <pre>
        <code>{lines}</code>
      </pre>
    </div>
  );
}

export function CommandLine({ say, demo }: { readonly say: HomeSay; readonly demo: boolean }) {
  const { origin } = location;
  const json = "-H 'content-type: application/json'";
  const demoPost = (path: string, body: string) =>
    `curl -s ${origin}${path} \\\n  -H 'origin: ${origin}' \\\n  ${json} -d '${body}'`;
  const code = '{"code":"YM1:…"}';
  const keyedVerify = `curl -s ${origin}/v1/verify \\\n  -H 'authorization: Bearer …' \\\n  ${json} -d '${code}'`;
  return (
    <section class="api" aria-labelledby="api-title">
      <h2 id="api-title" class="section-title">
        {say('api.title')}
      </h2>
      <p class="section-lead">{say('api.text')}</p>
      <div class="commands">
        {demo && <Command title={say('api.issue')} lines={demoPost('/demo/credentials', '{}')} />}
        <Command title={say('api.verify')} lines={demo ? demoPost('/demo/verify', code) : keyedVerify} />
      </div>
      <p class="links">
        <a href="/docs">{say('api.docs')}</a>
        <a href="/openapi.json">{say('api.openapi')}</a>
        <a href="/.well-known/jwks.json">{say('api.keys')}</a>
      </p>
    </section>
  );
}
