// Draws a PDF's pages to be looked through for symbols, in a worker of its own, which the page ends when it takes too long. All that
// a file may ask for stays out: the response of this script forbids it the network and evaluation, and nothing here has a DOM,
// scripts, forms or annotations.

import './pdf-bounds.js';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
// Gives itself to the module above, so that both run in this one worker.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import type { PdfReply } from '../shared/pdf-reply.js';

/** An A4 page at 250 dots an inch; a smaller page is drawn no finer than 4 dots a point. */
const MOST_PIXELS = 6_000_000;
const MOST_SCALE = 4;
/** Larger images in a page are left out: an A4 page at 600 dots an inch has 35 million. */
const MOST_IMAGE_PIXELS = 40_000_000;

const scope = self as unknown as DedicatedWorkerGlobalScope;

/** What pdf.js asks its drawing surfaces of; its own are made of a document's elements. */
class CanvasFactory {
  create(width: number, height: number) {
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
  }
  reset({ canvas }: { readonly canvas: OffscreenCanvas }, width: number, height: number): void {
    canvas.width = width;
    canvas.height = height;
  }
  destroy({ canvas }: { readonly canvas: OffscreenCanvas }): void {
    canvas.width = 0;
    canvas.height = 0;
  }
}

/** Filters are elements too. A page is drawn without. */
class FilterFactory {
  readonly addFilter = (): string => 'none';
  readonly addHCMFilter = this.addFilter;
  readonly addAlphaFilter = this.addFilter;
  readonly addLuminosityFilter = this.addFilter;
  readonly addHighlightHCMFilter = this.addFilter;
  destroy(): void {}
}

function open(data: ArrayBuffer): Promise<PDFDocumentProxy> {
  return getDocument({
    data,
    CanvasFactory,
    FilterFactory,
    // Letters are drawn as shapes: a worker has no fonts, and needs none for symbols.
    disableFontFace: true,
    useSystemFonts: false,
    enableXfa: false,
    isEvalSupported: false,
    useWasm: false,
    maxImageSize: MOST_IMAGE_PIXELS,
    verbosity: 0,
  }).promise;
}

/** @param number 1, 2, 3, ... */
async function draw(pdf: PDFDocumentProxy, number: number): Promise<ImageData> {
  const page = await pdf.getPage(number);
  const { width, height } = page.getViewport({ scale: 1 });
  const scale = Math.min(MOST_SCALE, Math.sqrt(MOST_PIXELS / (width * height)));
  const viewport = page.getViewport({ scale });
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.floor(viewport.width)),
    Math.max(1, Math.floor(viewport.height)),
  );
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  const canvasContext = context as unknown as CanvasRenderingContext2D;
  await page.render({ canvas: null, canvasContext, viewport, annotationMode: 0, background: '#fff' }).promise;
  page.cleanup();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

let opened: PDFDocumentProxy | null = null;

async function answer(asked: ArrayBuffer | number): Promise<PdfReply> {
  if (typeof asked !== 'number') {
    opened = await open(asked);
    return { kind: 'opened', pages: opened.numPages };
  }
  if (opened === null) throw new Error('no PDF');
  return { kind: 'drawn', picture: await draw(opened, asked) };
}

const faultOf = ({ name }: Error): PdfReply => ({
  kind: 'fault',
  fault: name === 'PasswordException' ? 'locked' : 'broken',
});

function tell(reply: PdfReply): void {
  scope.postMessage(reply, reply.kind === 'drawn' ? [reply.picture.data.buffer] : []);
}

/** One question at a time: a file is opened, then pages are asked for by their numbers. */
scope.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | number>) => {
  void answer(data).catch(faultOf).then(tell);
});
tell({ kind: 'loaded' });
