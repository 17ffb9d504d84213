// Requests of each sort with what the answer must be. All but the cold ones are made before the run.

import { createNodeSigner, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import { createDccSigner, dccClaims, signHc1 } from '../../test/support/fixtures.js';
import type { Client } from '../../test/system/support/client.js';
import { healthCodeContent } from '../support/health-code.js';
import { cycle } from '../support/pairs.js';
import { postText, verifyText } from '../support/raw-http.js';
import type { SignedCode, SigningNode } from '../support/signing-node.js';
import type { Authority } from '../support/trusted-signers.js';
import type { Expected } from './judge.js';
import type { Mix, Sort } from './mix.js';
import { issueLive, issueRevoked, type LiveCode } from './office.js';
import type { Shot } from './open-loop.js';
import type { CodeSource } from './source.js';
import { cutShort, flipSignatureBit, strangeText } from './spoil.js';

export interface Ammunition {
  readonly next: Readonly<Record<Sort, () => Shot>>;
  /** Among the repeated ones; to be revoked during the run. */
  readonly live: readonly LiveCode[];
}

export interface Stock {
  readonly client: Client;
  readonly apiKey: string;
  readonly source: CodeSource;
  /** Whose codes the node verifies without a status list of theirs; null: none. */
  readonly partner: Authority | null;
  readonly mix: Mix;
  /** How many codes are revoked during the run. */
  readonly live: number;
}

/** Of each sort that is made beforehand. */
const MADE = 64;
const DAY = 86_400;

/** @throws Error when the mix asks for codes that need a trusted key and there is none */
export async function loadAmmunition(stock: Stock): Promise<Ammunition> {
  const { client, apiKey, source, mix } = stock;
  if (mix.expired > 0 && source.sign === null) {
    throw new Error('Expired codes need a key that the node trusts: leave them out of the mix with --url.');
  }
  const shot = (sort: Sort, code: string, expected: Expected): Shot => ({
    sort,
    request: Buffer.from(verifyText(code, apiKey)),
    expected,
  });
  const admitted = (sort: Sort, { code, expiresAt }: SignedCode): Shot =>
    shot(sort, code, { decision: 'admit', reason: 'ok', expiresAt });

  const live = await issueLive(client, stock.live);
  const sound = times(source.next);
  const repeated = [
    ...sound.map((code) => admitted('repeated', code)),
    ...live.map(({ code, expiresAt, revocation }) =>
      shot('repeated', code, { decision: 'admit', reason: 'ok', expiresAt, revocation }),
    ),
  ];
  const revoked = (await issueRevoked(client, mix.revoked > 0 ? MADE : 0)).map(({ code, expiresAt }) =>
    shot('revoked', code, { decision: 'refuse', reason: 'revoked', expiresAt }),
  );
  const expired = expiredCodes(source.sign).map(({ code, expiresAt }) =>
    shot('expired', code, { decision: 'refuse', reason: 'expired', expiresAt }),
  );
  const forged = forgedCodes(sound, source.sign).map((code) =>
    shot('forged', code, { decision: 'refuse', reason: 'bad_signature', expiresAt: null }),
  );
  const foreign = foreignCodes(stock.partner).map(([code, expected]) => shot('foreign', code, expected));
  const garbage = [
    ...garbageCodes(sound).map(([code, expected]) => shot('garbage', code, expected)),
    { sort: 'garbage' as const, request: brokenRequest(apiKey), expected: { status: 400 as const } },
  ];
  return {
    next: {
      cold: () => admitted('cold', source.next()),
      repeated: cycle(repeated),
      revoked: cycle(revoked),
      expired: cycle(expired),
      forged: cycle(forged),
      foreign: cycle(foreign),
      garbage: cycle(garbage),
    },
    live,
  };
}

function times<T>(make: (i: number) => T, count = MADE): readonly T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function expiredCodes(sign: SigningNode['sign'] | null): readonly SignedCode[] {
  return sign === null ? [] : times(() => sign({ expired: true }));
}

/** Known codes with one bit changed and, where there is a trusted kid to name, codes by somebody else's key. */
function forgedCodes(sound: readonly SignedCode[], sign: SigningNode['sign'] | null): readonly string[] {
  const forger = createNodeSigner(generatePrivateJwk('Ed25519'));
  const spoilt = sound.map(({ code }, i) => flipSignatureBit(code, i * 5));
  return sign === null ? spoilt : [...spoilt, ...times(() => sign({ forger }).code)];
}

/** Other provinces' codes and EU certificates of signers that nobody vouches for; codes of a partner whose lists are not held. */
function foreignCodes(partner: Authority | null): readonly (readonly [string, Expected])[] {
  const now = Math.floor(Date.now() / 1000);
  const stranger = createNodeSigner(generatePrivateJwk('Ed25519'));
  const dcc = createDccSigner();
  const unknown: Expected = { decision: 'refuse', reason: 'issuer_unknown', expiresAt: null };
  const write = (issuer: string, signer: typeof stranger, serial: number, expiresAt: number): string => {
    const statusBase = `https://codes.example/${issuer}/`;
    const facts = { issuer, statusBase, list: 1, index: serial, issuedAt: now, expiresAt };
    return encodeYm1(healthCodeContent(serial, facts), signer);
  };
  return times((i) => {
    const expiresAt = now + DAY - i;
    const signer = partner?.signers[0];
    if (i % 3 === 0) return [signHc1(dccClaims([[6, i]]), dcc.signer), unknown];
    if (i % 3 === 1 || partner === null || signer === undefined) {
      return [write('510104', stranger, i, expiresAt), unknown];
    }
    const doubt = { decision: 'indeterminate', reason: 'status_unknown', expiresAt } as const;
    return [write(partner.issuer, signer, i, expiresAt), doubt];
  });
}

function garbageCodes(sound: readonly SignedCode[]): readonly (readonly [string, Expected])[] {
  return sound.flatMap(({ code }, i): readonly (readonly [string, Expected])[] => [
    [cutShort(code, i), { decision: 'refuse', reason: 'damaged', expiresAt: null }],
    [strangeText(i), { decision: 'refuse', reason: 'not_ours', expiresAt: null }],
  ]);
}

/** JSON that names a member twice. */
function brokenRequest(apiKey: string): Buffer {
  const body = '{"code":"YM1:A","code":"YM1:B"}';
  return Buffer.from(postText('/v1/verify', body, `authorization: Bearer ${apiKey}\r\n`));
}
