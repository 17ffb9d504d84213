// How each state of a health code looks: tone, icon and word together.

import type { IconName } from '../shared/icons.js';
import type { DemoCredential, Level } from './demo-api.js';

type ShownState = Level | 'revoked' | 'suspended';

export const STATE_LOOKS: Readonly<Record<ShownState, { readonly tone: string; readonly icon: IconName }>> = {
  green: { tone: 'tone-ok', icon: 'passed' },
  yellow: { tone: 'tone-ask', icon: 'attention' },
  red: { tone: 'tone-stop', icon: 'halt' },
  pending: { tone: 'tone-grey', icon: 'clock' },
  revoked: { tone: 'tone-gone', icon: 'banned' },
  suspended: { tone: 'tone-gone', icon: 'paused' },
};

/** Revoked before suspended before colour, as in the published status. */
export function shownState(credential: DemoCredential): ShownState {
  if (credential.revoked) return 'revoked';
  return credential.suspended ? 'suspended' : credential.level;
}
