// The demo surface of the server, as this page uses it. Only demo credentials, only on the server's own machine.

import type { Text } from '../../core/errors/reasons.js';
import type { Answer } from '../../core/verify/answer.js';
import { getJson, postJson, type Reply } from '../shared/request.js';

export type Level = 'green' | 'yellow' | 'red' | 'pending';

export interface DemoCredential {
  readonly id: string;
  readonly kind: string;
  /** The text of the QR symbol. */
  readonly code: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  /** The name is masked. */
  readonly holder: { readonly name: string };
  readonly level: Level;
  readonly revoked: boolean;
  readonly suspended: boolean;
}

export interface Sample {
  readonly name: Text;
  readonly code: string;
}

function pathOf(id: string, rest = ''): string {
  return `/demo/credentials/${encodeURIComponent(id)}${rest}`;
}

export function qrPath(id: string): string {
  return pathOf(id, '/qr.svg');
}

export function issueDemo(): Promise<Reply<DemoCredential>> {
  return postJson('/demo/credentials', {});
}

export function findDemo(id: string): Promise<Reply<DemoCredential>> {
  return getJson(pathOf(id));
}

export function setDemoLevel(id: string, level: Level): Promise<Reply<DemoCredential>> {
  return postJson(pathOf(id, '/level'), { level });
}

export function revokeDemo(id: string): Promise<Reply<DemoCredential>> {
  return postJson(pathOf(id, '/revoke'), {});
}

/** What a desk hands out for a phone. */
export interface DemoOffer {
  readonly walletUrl: string;
  readonly txCode: string;
}

export function offerDemo(id: string): Promise<Reply<DemoOffer>> {
  return postJson(pathOf(id, '/offers'), {});
}

export function verifyDemo(code: string): Promise<Reply<Answer>> {
  return postJson('/demo/verify', { code });
}

export function listSamples(): Promise<Reply<{ readonly samples: readonly Sample[] }>> {
  return getJson('/demo/samples');
}
