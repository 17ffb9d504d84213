// Two answers with every member that an answer can have.

import type { Answer } from '../../../src/core/verify/answer.js';

const text = (en: string) => ({ 'zh-CN': `中文：${en}`, en });

export const ADMIT: Answer = {
  decision: 'admit',
  reason: 'ok',
  tone: 'ok',
  text: text('Valid'),
  next: text('Match the name with the ID, let pass'),
  credential: {
    outcome: 'valid',
    envelope: 'YM1',
    kind: 'health-code',
    kindTitle: text('Health code'),
    issuer: '330102',
    issuedAt: 1_760_000_000,
    expiresAt: 1_760_086_400,
    status: { value: 0, word: 'green', text: text('Green') },
    subject: [
      { name: 'name', label: text('Name'), value: '测*样' },
      { name: 'idNumber', label: text('ID number'), value: '330102********0011' },
    ],
  },
  checks: (['envelope', 'key', 'signature', 'time', 'claims', 'status', 'holder', 'policy'] as const).map(
    (rung) => ({
      rung,
      result: rung === 'holder' ? 'not_applicable' : 'pass',
    }),
  ),
  statusAgeSeconds: 0,
  trustAgeSeconds: 12,
  assurance: 'static',
  replay: 'not_applicable',
  recognition: 'local',
  policy: { id: 'health-code-default', version: 1, rule: 'green' },
};

export const NOT_OURS: Answer = {
  decision: 'refuse',
  reason: 'not_ours',
  tone: 'again',
  text: text('Not one of our codes'),
  next: text('Ask for the health code or licence'),
  credential: null,
  checks: (['envelope', 'key', 'signature', 'time', 'claims', 'status', 'holder', 'policy'] as const).map(
    (rung) => ({
      rung,
      result: rung === 'envelope' ? 'fail' : 'not_reached',
    }),
  ),
  statusAgeSeconds: null,
  trustAgeSeconds: 12,
  assurance: null,
  replay: 'not_applicable',
  recognition: null,
  policy: null,
};
