// @digitalbazaar/vc, VC 2.0 with eddsa-rdfc-2022, and a Bitstring status list, whose credential its checkStatus verifies each time.
// Contexts, keys and the list are in memory, so that no network is in the figure.

import { named } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as dataIntegrityContext from '@digitalbazaar/data-integrity-context';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { securityLoader } from '@digitalbazaar/security-document-loader';
import * as vc from '@digitalbazaar/vc';
import { checkStatus, createCredential, createList } from '@digitalbazaar/vc-bitstring-status-list';

const V2 = named.get('v2');
const CLAIMS_CONTEXT = 'https://codes.example/contexts/health-code/v1';
const VOCABULARY = 'https://codes.example/vocabulary#';

/** @param {import('./contender.js').PeerWorld} world @returns {Promise<import('./contender.js').Contender>} */
export async function prepare({ privateJwk, claims, listEntries, isRevoked, now }) {
  const documents = new Map([
    [V2.id, V2.context],
    [CLAIMS_CONTEXT, claimsContext(Object.keys(claims(0).claims))],
  ]);
  for (const [url, context] of dataIntegrityContext.contexts) documents.set(url, context);
  const shipped = securityLoader().build();
  const documentLoader = async (url) =>
    documents.has(url) ? { documentUrl: url, document: documents.get(url) } : shipped(url);

  const controller = 'https://codes.example/issuers/330102';
  const keyPair = await Ed25519Multikey.fromJwk({ jwk: privateJwk, secretKey: true, controller });
  keyPair.controller = controller;
  keyPair.id = `${controller}#key-1`;
  const publicKey = await keyPair.export({ publicKey: true, includeContext: true });
  documents.set(publicKey.id, publicKey);
  documents.set(controller, controllerDocument(controller, publicKey));

  const issue = (credential) =>
    vc.issue({
      credential,
      suite: new DataIntegrityProof({ signer: keyPair.signer(), cryptosuite }),
      documentLoader,
    });
  const suite = new DataIntegrityProof({ cryptosuite });
  const listUri = claims(0).status.status_list.uri;
  documents.set(listUri, await issue(await listCredential(listUri, controller, listEntries, isRevoked)));

  return {
    sign: async (serial) => JSON.stringify(await issue(credentialOf(claims(serial), controller))),
    judge: async (token) => {
      const { verified, statusResult } = await vc.verifyCredential({
        credential: JSON.parse(token),
        suite,
        documentLoader,
        checkStatus,
        now: new Date(now * 1000),
      });
      return verified && statusResult.results.every(({ status }) => status === false);
    },
  };
}

function claimsContext(names) {
  const terms = Object.fromEntries(names.map((name) => [name, `${VOCABULARY}${name}`]));
  return { '@context': { '@protected': true, HealthCode: `${VOCABULARY}HealthCode`, ...terms } };
}

function controllerDocument(id, publicKey) {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id,
    assertionMethod: [publicKey],
  };
}

async function listCredential(id, issuer, length, isRevoked) {
  const list = await createList({ length });
  for (let index = 0; index < length; index += 1) if (isRevoked(index)) list.setStatus(index, true);
  return { ...(await createCredential({ id, list, statusPurpose: 'revocation' })), issuer };
}

function credentialOf({ iat, exp, status, claims }, issuer) {
  const { uri, idx } = status.status_list;
  return {
    '@context': [V2.id, CLAIMS_CONTEXT],
    type: ['VerifiableCredential', 'HealthCode'],
    issuer,
    validFrom: new Date(iat * 1000).toISOString(),
    validUntil: new Date(exp * 1000).toISOString(),
    credentialStatus: {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(idx),
      statusListCredential: uri,
    },
    credentialSubject: claims,
  };
}
