// The page around the worker in which core's tests run: does what the worker asks with the browser's WebCrypto, and keeps the counts.

import type { PublicKey } from '../../../src/core/signature/public-key.js';
import { normalizeLowS } from '../../../src/core/signature/signature-encoding.js';
import { createPageVerify } from '../../../src/web/scan/judge.js';
import { answer, type Questions } from './bridge.js';
import type { Counts } from './tap.js';

interface PageWorker {
  onmessage: (event: { readonly data: unknown }) => void;
  onerror: (event: { readonly message: string }) => void;
}
const { Worker } = globalThis as unknown as { Worker: new (url: string) => PageWorker };

type Later<Work> = Work extends (...input: infer Input) => infer Output
  ? (...input: Input) => Promise<Output>
  : never;
type Jwk = Readonly<Record<string, string>>;

const { subtle } = globalThis.crypto;
const verify = createPageVerify();

const bytesOf = (buffer: ArrayBuffer): Uint8Array => new Uint8Array(buffer);

/** How WebCrypto calls the algorithm of a private JWK. */
const SIGNING: Readonly<
  Record<string, { readonly name: string; readonly namedCurve?: string; hash?: string }>
> = {
  Ed25519: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
};

const WORK: { readonly [Name in keyof Questions]: Later<Questions[Name]> } = {
  digest: async (name, data) => bytesOf(await subtle.digest(name, Uint8Array.from(data))),
  compress: async (format, data) => {
    const stream = new Blob([Uint8Array.from(data)]).stream();
    const compressed = stream.pipeThrough(new CompressionStream(format as 'deflate'));
    return bytesOf(await new Response(compressed).arrayBuffer());
  },
  generate: async (algorithm) => {
    const { privateKey } = (await subtle.generateKey(algorithm as { name: 'ECDSA' }, true, [
      'sign',
      'verify',
    ])) as unknown as { readonly privateKey: Parameters<typeof subtle.exportKey>[1] };
    const {
      key_ops: _operations,
      ext: _extractable,
      alg: _name,
      ...jwk
    } = await subtle.exportKey('jwk', privateKey);
    return jwk;
  },
  sign: async (jwk, message) => {
    const { alg = '', ...material } = jwk as Jwk;
    const algorithm = SIGNING[alg];
    if (algorithm === undefined) throw new Error(`no signer of ${alg}`);
    const key = await subtle.importKey('jwk', material, algorithm, false, ['sign']);
    const signature = bytesOf(await subtle.sign(algorithm, key, Uint8Array.from(message)));
    return alg === 'ES256' ? normalizeLowS(signature) : signature;
  },
  verify: (key, message, signature) => verify(key as PublicKey, message, signature),
};

interface Asked {
  readonly name: keyof Questions;
  readonly input: readonly never[];
  readonly shared: SharedArrayBuffer;
}

/** Runs the worker to its end. */
function runTests(url: string): Promise<Counts> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      if ('counts' in (data as object)) return resolve((data as { readonly counts: Counts }).counts);
      const { name, input, shared } = data as Asked;
      const work = WORK[name] as (...given: readonly never[]) => Promise<unknown>;
      void answer(shared, work(...input));
    };
  });
}

Object.assign(globalThis, { runTests });
