// What the worker that draws a PDF's pages says to the page that asked.

export type PdfReply =
  /** Ready to be asked. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'opened'; readonly pages: number }
  | { readonly kind: 'drawn'; readonly picture: ImageData }
  /** `locked`: a password opens it. `broken`: no PDF, or one that cannot be read. */
  | { readonly kind: 'fault'; readonly fault: 'locked' | 'broken' };
