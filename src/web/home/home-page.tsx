// The first page: the whole story of a code, played by hand in a minute. Holder on one side, checkpoint on the other.

import { useEffect } from 'preact/hooks';
import { Notice } from '../shared/notice.js';
import { PageHeader } from '../shared/page-header.js';
import { useLanguage } from '../shared/use-language.js';
import { AuthorityPanel } from './authority-panel.js';
import { CommandLine, HowItWorks } from './below-the-fold.js';
import { CodeCard } from './code-card.js';
import { GatePanel } from './gate-panel.js';
import { GroundsPanel } from './grounds-panel.js';
import { createHomeSay, type HomeSpoken } from './home-language.js';
import { troubleOf } from './trouble.js';
import { type Demo, useDemo } from './use-demo.js';
import { useGate } from './use-gate.js';
import { VerifyForm } from './verify-form.js';

function DemoTrouble({ demo, spoken }: { readonly demo: Demo; readonly spoken: HomeSpoken }) {
  const { say } = spoken;
  if (demo.failed === null) return null;
  const { failure, retry } = demo.failed;
  const trouble = troubleOf(failure, say, retry);
  if (failure.name === 'gone')
    return <Notice trouble={{ ...trouble, action: say('error.issue'), act: demo.issue }} />;
  if (failure.name !== 'conflict') return <Notice trouble={trouble} />;
  return <Notice trouble={{ ...trouble, action: say('error.refresh'), act: demo.refresh }} />;
}

function Story({ demo, spoken }: { readonly demo: Demo; readonly spoken: HomeSpoken }) {
  const { say } = spoken;
  const gate = useGate();
  const { credential } = demo;

  // Cause and effect: whenever the credential is new or changed, the checkpoint looks at it again.
  useEffect(() => {
    if (credential !== null) gate.check(credential.code, 'demo');
  }, [credential]);

  return (
    <div class="story">
      <section class="side" aria-labelledby="card-title">
        <h2 id="card-title" class="section-title">
          {say('card.title')}
        </h2>
        <DemoTrouble demo={demo} spoken={spoken} />
        <CodeCard
          credential={credential}
          waiting={say(demo.failed === null ? 'card.loading' : 'card.none')}
          spoken={spoken}
        />
      </section>
      <div class="effects">
        <AuthorityPanel demo={demo} say={say} />
        <GatePanel gate={gate} credential={credential} spoken={spoken} />
      </div>
      <VerifyForm gate={gate} credential={credential} samples={demo.samples} spoken={spoken} />
      <GroundsPanel answer={gate.verdict?.answer ?? null} busy={gate.busy} spoken={spoken} />
    </div>
  );
}

function DemoOff({ spoken }: { readonly spoken: HomeSpoken }) {
  const { say } = spoken;
  return (
    <section class="card off">
      <h2 class="section-title">{say('off.title')}</h2>
      <p>{say('off.text')}</p>
      <a class="button button-main" href="/docs">
        {say('off.action')}
      </a>
    </section>
  );
}

export function HomePage() {
  const spoken = useLanguage(createHomeSay);
  const demo = useDemo();
  const { say } = spoken;
  const off = demo.phase === 'off';
  return (
    <div class="page">
      <PageHeader spoken={spoken} />
      <main>
        <div class="intro">
          <h1>{say('page.lead')}</h1>
          {!off && <p>{say('page.sub')}</p>}
        </div>
        {off ? <DemoOff spoken={spoken} /> : <Story demo={demo} spoken={spoken} />}
        <HowItWorks say={say} />
        <CommandLine say={say} demo={!off} />
      </main>
      <footer class="foot">{say('foot.text')}</footer>
    </div>
  );
}
