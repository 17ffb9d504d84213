// A checkpoint's device as a test plays it: its own key, and a proof for each request.

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { SITE_PROOF_TYPE } from '../../src/core/issue/site-table.js';
import { ENROL_KID } from '../../src/core/issue/sites.js';
import { createProof, type ProofClaims } from '../../src/core/signature/request-proof.js';

export interface SiteDevice {
  readonly publicKey: Readonly<Record<string, unknown>>;
  /** @param claims what is to be otherwise than in an honest proof */
  readonly prove: (kid: string, htm: string, htu: string, claims?: Partial<ProofClaims>) => Promise<string>;
}

export function createSiteDevice(audience: string, now: () => number): SiteDevice {
  const pair: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const { kty, crv, x, y } = pair.publicKey.export({ format: 'jwk' });
  const signing = async (message: Uint8Array) =>
    new Uint8Array(sign('sha256', message, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }));
  return {
    publicKey: { kty, crv, x, y, alg: 'ES256' },
    prove: (kid, htm, htu, claims = {}) => {
      const honest = { aud: audience, htm, htu, iat: now(), jti: randomBytes(16).toString('base64url') };
      return createProof({ alg: 'ES256', typ: SITE_PROOF_TYPE, kid }, { ...honest, ...claims }, signing);
    },
  };
}

export interface EnrolledSite {
  readonly id: string;
  readonly device: SiteDevice;
  /** The header of one request. */
  readonly header: (
    htm: string,
    htu: string,
    claims?: Partial<ProofClaims>,
  ) => Promise<{ authorization: string }>;
}

/** Makes a checkpoint through the node's own socket and enrols a device. */
export async function enrolSite(
  { app, localApp }: { readonly app: FastifyInstance; readonly localApp: FastifyInstance },
  audience: string,
  now: () => number = () => Math.floor(Date.now() / 1000),
): Promise<EnrolledSite> {
  const made = await localApp.inject({ method: 'POST', url: '/v1/sites', payload: { name: 'East gate' } });
  const device = createSiteDevice(audience, now);
  const { code } = made.json();
  const proof = await device.prove(ENROL_KID, 'POST', '/scan/enrolment');
  const payload = { code, publicKey: device.publicKey, proof };
  const enrolled = await app.inject({ method: 'POST', url: '/scan/enrolment', payload });
  if (enrolled.statusCode !== 201) throw new Error(enrolled.payload);
  const { id } = enrolled.json();
  const header = async (htm: string, htu: string, claims?: Partial<ProofClaims>) => ({
    authorization: `Site ${await device.prove(id, htm, htu, claims)}`,
  });
  return { id, device, header };
}
