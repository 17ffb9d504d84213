// An answer as JSON text. Most of it is sentences that never change, so each of those is written once and kept: on the way of
// every verification this takes a third of a compiled serialiser's time. The tests hold it against JSON.stringify.

import { REASONS } from '../core/errors/reasons.js';
import type { Answer, AnswerCredential, ShownClaim } from '../core/verify/answer.js';

/** Texts of objects that live as long as the program: reasons, kinds, labels, checks. */
const written = new WeakMap<object, string>();

function constantJson(value: object | null): string {
  if (value === null) return 'null';
  let json = written.get(value);
  if (json === undefined) {
    json = JSON.stringify(value);
    written.set(value, json);
  }
  return json;
}

/** The same members in the same order as `JSON.stringify(answer)`. */
export function answerJson(answer: Answer): string {
  const { decision, reason, tone, text, policy } = answer;
  const sentence = text === REASONS[reason].text ? constantJson(text) : JSON.stringify(text);
  return (
    `{"decision":"${decision}","reason":"${reason}","tone":"${tone}","text":${sentence},` +
    `"next":${constantJson(answer.next)},"credential":${credentialJson(answer.credential)},` +
    `"checks":[${listJson(answer.checks, constantJson)}],"statusAgeSeconds":${answer.statusAgeSeconds},` +
    `"trustAgeSeconds":${answer.trustAgeSeconds},"assurance":${JSON.stringify(answer.assurance)},` +
    `"replay":"${answer.replay}","policy":${policy === null ? 'null' : JSON.stringify(policy)}}`
  );
}

function credentialJson(credential: AnswerCredential | null): string {
  if (credential === null) return 'null';
  const { subject } = credential;
  return (
    `{"outcome":"${credential.outcome}","envelope":"${credential.envelope}",` +
    `"kind":${JSON.stringify(credential.kind)},"kindTitle":${constantJson(credential.kindTitle)},` +
    `"issuer":${JSON.stringify(credential.issuer)},"issuedAt":${credential.issuedAt},` +
    `"expiresAt":${credential.expiresAt},"status":${constantJson(credential.status)},` +
    `"subject":${subject === null ? 'null' : `[${listJson(subject, claimJson)}]`}}`
  );
}

function claimJson({ name, label, value, text }: ShownClaim): string {
  const inBoth = text === undefined ? '' : `,"text":${JSON.stringify(text)}`;
  return `{"name":${JSON.stringify(name)},"label":${constantJson(label)},"value":${JSON.stringify(value)}${inBoth}}`;
}

function listJson<T>(items: readonly T[], itemJson: (item: T) => string): string {
  let json = '';
  for (const item of items) json += json === '' ? itemJson(item) : `,${itemJson(item)}`;
  return json;
}
