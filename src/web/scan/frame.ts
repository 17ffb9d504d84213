// A frame of the camera as pixels, and whether there is anything in it.

/** The square in the middle of the picture, at most so many pixels a side. */
const MOST_PIXELS = 960;
/** Above what a covered lens sees, noise included; of 255. */
const BLACK_BELOW = 40;
/** One pixel of 61 is looked at, its green. */
const STEP = 4 * 61;

/** null: the camera gives no picture yet. */
export function takeFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData | null {
  const side = Math.min(video.videoWidth, video.videoHeight);
  if (side === 0) return null;
  const size = Math.min(side, MOST_PIXELS);
  if (canvas.width !== size) {
    canvas.width = size;
    canvas.height = size;
  }
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  context.drawImage(video, left, top, side, side, 0, 0, size, size);
  return context.getImageData(0, 0, size, size);
}

/** A covered lens, a shutter, or a camera that sends nothing but black. */
export function isBlack({ data }: ImageData): boolean {
  for (let at = 1; at < data.length; at += STEP) if ((data[at] ?? 0) >= BLACK_BELOW) return false;
  return true;
}
