// The bar over everything: which checkpoint this is, whether the node is there, how fresh what is known is, and what is wrong.

import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../shared/icons.js';
import type { CheckpointState } from './checkpoint.js';
import { clockMinutes, freshnessOf, freshnessText } from './freshness.js';
import type { ScanSpoken } from './scan-language.js';

const TICK_MS = 1_000;

interface Props {
  readonly spoken: ScanSpoken;
  readonly state: CheckpointState;
  readonly now: () => number;
}

export function FreshnessBar({ spoken, state, now }: Props) {
  const { say } = spoken;
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const level = freshnessOf(state, now());
  const minutes = clockMinutes(state.offset);
  const online = state.syncing ? 'fresh.syncing' : state.online ? 'fresh.online' : 'fresh.offline';
  const warnings = [
    minutes > 0 && say('fresh.clock', { n: minutes }),
    !state.keeps && say('fresh.keeps'),
    state.listsMissing > 0 && say('fresh.missing', { n: state.listsMissing }),
  ];
  return (
    <header class="bar" data-fresh={level} data-online={state.online}>
      <p class="bar-line">
        <strong>
          <bdi>{state.site?.name}</bdi>
        </strong>
        <span class="bar-net">{say(online)}</span>
      </p>
      <p class="bar-line">
        <Icon name={level === 'ok' ? 'passed' : level === 'old' ? 'clock' : 'attention'} />
        <span>{freshnessText(state, level, spoken)}</span>
      </p>
      {warnings.map(
        (warning) =>
          warning !== false && (
            <p key={warning} class="bar-line bar-warn">
              {warning}
            </p>
          ),
      )}
    </header>
  );
}
