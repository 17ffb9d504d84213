// When and where a code may be shown: what the checkpoint that asks says about itself.

/** How far the device's clock and the verifier's may differ when a presentation is shown. A wallet signs anew every 10 s. */
export const PRESENTATION_SECONDS = 30;

export interface Showing {
  /** Who asks, as the surface knows it: the id of an API key. */
  readonly caller: string;
  /** The checkpoint by its own name; null: the caller stands for it. */
  readonly site: string | null;
  /** What the site asked the device to sign too; null: nothing was asked. */
  readonly nonce: Uint8Array | null;
}

/** Nobody in particular asks. */
export const SHOWN_ANYWHERE: Showing = { caller: '', site: null, nonce: null };
