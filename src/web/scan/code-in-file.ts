// The code in a file that somebody hands over: a picture or a PDF.

import { isOfKnownFormat } from '../../core/envelope/parse-code.js';
import { readSymbols } from './decoder.js';
import { isPdf, pagesOf } from './pdf.js';

/**
 * The first symbol in a format that is judged here; without one the first there is, which is judged too: null without any.
 * @throws PdfError a PDF that cannot be looked through
 */
export async function codeIn(file: Blob): Promise<string | null> {
  let first: string | null = null;
  for await (const picture of (await isPdf(file)) ? pagesOf(file) : [file]) {
    for (const text of await readSymbols(picture).catch(() => [])) {
      if (isOfKnownFormat(text)) return text;
      first ??= text;
    }
  }
  return first;
}
