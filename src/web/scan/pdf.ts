// A PDF's pages as pictures. A stranger's file is opened in a worker that is made for it and ended after it, or when its time is over.

import type { PdfReply } from '../shared/pdf-reply.js';
import { scriptUrl } from '../shared/script-url.js';

export type PdfTrouble = 'pdf.locked' | 'pdf.broken' | 'pdf.big' | 'pdf.slow' | 'camera.no_decoder';

export class PdfError extends Error {
  readonly trouble: PdfTrouble;
  constructor(trouble: PdfTrouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

const MOST_BYTES = 8 * 2 ** 20;
const MOST_PAGES = 4;
const LOADING_MS = 30_000;
/** For a file, all its pages together. */
const READING_MS = 8_000;

/** By its type or by how it begins: what is pasted has no name. */
export async function isPdf(file: Blob): Promise<boolean> {
  return file.type === 'application/pdf' || (await file.slice(0, 5).text()) === '%PDF-';
}

/** The worker's next word of this kind; pdf.js in it says things of its own, which nobody here hears. */
function hear<K extends PdfReply['kind']>(
  worker: Worker,
  kind: K,
  ms: number,
  late: PdfTrouble,
): Promise<Extract<PdfReply, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const isLate = (): void => reject(new PdfError(late));
    const timer = setTimeout(isLate, ms);
    worker.onerror = isLate;
    worker.onmessage = ({ data }: MessageEvent<PdfReply>) => {
      if (data.kind === 'fault') reject(new PdfError(`pdf.${data.fault}`));
      else if (data.kind === kind) resolve(data as Extract<PdfReply, { kind: K }>);
      else return;
      clearTimeout(timer);
    };
  });
}

/** The first pages, one after another as they are asked for. @throws PdfError */
export async function* pagesOf(file: Blob): AsyncGenerator<ImageData> {
  if (file.size > MOST_BYTES) throw new PdfError('pdf.big');
  const bytes = await file.arrayBuffer();
  const worker = new Worker(scriptUrl('/scan-pdf.js'), { type: 'module' });
  try {
    await hear(worker, 'loaded', LOADING_MS, 'camera.no_decoder');
    const endsAt = performance.now() + READING_MS;
    const next = <K extends PdfReply['kind']>(kind: K) =>
      hear(worker, kind, endsAt - performance.now(), 'pdf.slow');
    worker.postMessage(bytes, [bytes]);
    const { pages } = await next('opened');
    for (let page = 1; page <= Math.min(pages, MOST_PAGES); page++) {
      worker.postMessage(page);
      yield (await next('drawn')).picture;
    }
  } finally {
    worker.terminate();
  }
}
