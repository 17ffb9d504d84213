// `YIMA_TLS=self`: an authority of this node's own, made once, and under it a certificate for this machine and its private addresses, made
// anew when those change or its end is near. A phone that took in the authority goes on trusting the node.

import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../adapters/certificate.js';
import { checkPrivate } from '../../adapters/keyfile/key-folder.js';
import type { TlsPair } from './tls-pair.js';

const DAY_SECONDS = 86_400;
const AUTHORITY_DAYS = 3_650;
/** Browsers take no longer ones. */
const SERVER_DAYS = 397;
const RENEW_DAYS = 30;
/** For phones whose clock is behind. */
const SLACK_SECONDS = DAY_SECONDS;
const PRIVATE = /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:)/;
const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Private addresses of this machine in its networks, IPv4 first. */
export function lanAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outside = all.filter(({ address, internal }) => !internal && PRIVATE.test(address));
  const of = (family: string): string[] =>
    outside.filter((each) => each.family === family).map(({ address }) => address);
  return [...new Set([...of('IPv4'), ...of('IPv6')])];
}

type Pair = Pick<TlsPair, 'cert' | 'key'>;

export interface OwnTls extends TlsPair {
  readonly authority: string;
  /** What phones and clients may take in. */
  readonly authorityFile: string;
  /** SHA-256 of the authority's certificate, to compare. */
  readonly fingerprint: string;
}

/**
 * @param folder made with mode 0700 where it is absent
 * @param lan private addresses to be reached at
 * @param now epoch seconds
 * @throws YimaError `key_file_unsafe` when others may read a key
 */
export function openOwnTls(folder: string, lan: readonly string[], now: number): OwnTls {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  checkPrivate(folder);
  const authorityFile = join(folder, 'ca-cert.pem');
  const authority = readPair(authorityFile, join(folder, 'ca-key.pem')) ?? makeAuthority(folder, now);
  const files = [join(folder, 'cert.pem'), join(folder, 'key.pem')] as const;
  const hosts = ['localhost', ...localName(), '127.0.0.1', '::1', ...lan];
  const known = readPair(...files);
  const server =
    known !== null && fits(known, authority, hosts, now) ? known : makeServer(files, authority, hosts, now);
  const { fingerprint256 } = new X509Certificate(authority.cert);
  return { ...server, authority: authority.cert, authorityFile, fingerprint: fingerprint256 };
}

/** As the name is announced in local networks. */
function localName(): readonly string[] {
  const name = hostname().toLowerCase().split('.')[0] ?? '';
  return HOST_NAME.test(name) && name !== 'localhost' ? [`${name}.local`] : [];
}

/** null: none is there, or it cannot be read as one. */
function readPair(certFile: string, keyFile: string): Pair | null {
  if (!existsSync(certFile) || !existsSync(keyFile)) return null;
  checkPrivate(keyFile);
  const pair = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  return isPair(pair) ? pair : null;
}

/** Whether the key is the certificate's. */
export function isPair({ cert, key }: Pair): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function fits({ cert }: Pair, authority: Pair, hosts: readonly string[], now: number): boolean {
  const parsed = new X509Certificate(cert);
  const names = hosts.map((host) =>
    /[:]|^[\d.]+$/.test(host) ? parsed.checkIP(host) : parsed.checkHost(host),
  );
  const count = parsed.subjectAltName?.split(', ').length;
  const lasts = Date.parse(parsed.validTo) / 1000 > now + RENEW_DAYS * DAY_SECONDS;
  const begun = Date.parse(parsed.validFrom) / 1000 <= now;
  const isOurs = parsed.verify(new X509Certificate(authority.cert).publicKey);
  return isOurs && lasts && begun && count === hosts.length && names.every((name) => name !== undefined);
}

function makeAuthority(folder: string, now: number): Pair {
  const key = newKey();
  const subject = `Yima ${hostname().replace(/[^ -~]/g, '')} ${now}`.slice(0, 64);
  const cert = makeCertificate({
    subject,
    issuer: subject,
    notBefore: now - SLACK_SECONDS,
    notAfter: now + AUTHORITY_DAYS * DAY_SECONDS,
    key,
    signer: key,
    hosts: null,
  });
  return savePair([join(folder, 'ca-cert.pem'), join(folder, 'ca-key.pem')], cert, key);
}

function makeServer(
  files: readonly [string, string],
  authority: Pair,
  hosts: readonly string[],
  now: number,
): Pair {
  const key = newKey();
  const issuer = new X509Certificate(authority.cert).subject.replace(/^CN=/, '');
  const cert = makeCertificate({
    subject: 'Yima',
    issuer,
    notBefore: now - SLACK_SECONDS,
    notAfter: now + SERVER_DAYS * DAY_SECONDS,
    key,
    signer: createPrivateKey(authority.key),
    hosts,
  });
  return savePair(files, cert, key);
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** The key first: a certificate without its key is made anew. */
function savePair([certFile, keyFile]: readonly [string, string], cert: string, key: KeyObject): Pair {
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeWhole(keyFile, pem, 0o600);
  writeWhole(certFile, cert, 0o644);
  return { cert, key: pem };
}

function writeWhole(file: string, text: string, mode: number): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, text, { mode, flush: true });
  renameSync(temporary, file);
}
