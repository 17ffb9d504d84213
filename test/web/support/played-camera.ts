// A camera that the test plays: what it shows, whether it can be had, whether it has a light. Given to a page before it starts.

import type { Page } from 'playwright-core';
import { qrMatrix } from '../../../src/adapters/qr.js';

/** In the page; `frames` go on, as a camera's do, whatever they show. */
const CAMERA = `(() => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 480];
  const paper = canvas.getContext('2d');
  const camera = { fault: null, hasTorch: false, torch: [], matrix: null, ground: '#fff', track: null, opened: 0 };
  const paint = () => {
    paper.fillStyle = camera.ground;
    paper.fillRect(0, 0, 640, 480);
    if (camera.matrix === null) return;
    const { size, modules } = camera.matrix;
    const scale = Math.floor(440 / (size + 8));
    const [left, top] = [640, 480].map((side) => Math.floor((side - size * scale) / 2));
    paper.fillStyle = '#000';
    for (const [i, dark] of modules.entries())
      if (dark === 1) paper.fillRect(left + (i % size) * scale, top + Math.floor(i / size) * scale, scale, scale);
  };
  setInterval(paint, 50);
  navigator.mediaDevices.getUserMedia = async () => {
    if (camera.fault !== null) throw new DOMException('', camera.fault);
    paint();
    const stream = canvas.captureStream(20);
    const [track] = stream.getVideoTracks();
    track.getCapabilities = () => (camera.hasTorch ? { torch: true } : {});
    track.applyConstraints = async ({ advanced: [{ torch }] }) => void camera.torch.push(torch);
    camera.track = track;
    camera.opened += 1;
    return stream;
  };
  camera.unplug = () => {
    camera.fault = 'NotFoundError';
    camera.track.stop();
    camera.track.dispatchEvent(new Event('ended'));
  };
  camera.plugIn = () => {
    camera.fault = null;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  };
  globalThis.playedCamera = camera;
})()`;

/** For all that this page opens from now on. */
export async function playCamera(page: Page): Promise<void> {
  await page.addInitScript(CAMERA);
}

/** Changes what the camera is, as a statement of JavaScript over `camera`. */
export async function setCamera(page: Page, statement: string): Promise<void> {
  await page.evaluate(`((camera) => { ${statement}; })(playedCamera)`);
}

/** Goes to another tab and comes back. */
export async function lookAway(page: Page): Promise<void> {
  for (const state of ['hidden', 'visible'])
    await page.evaluate(`(() => {
      Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    })()`);
}

/** Holds a symbol before the camera; null takes it away. */
export async function hold(page: Page, text: string | null): Promise<void> {
  const matrix = text === null ? null : qrMatrix(text);
  const plain = matrix === null ? null : { size: matrix.size, modules: [...matrix.modules] };
  await page.evaluate(`void (playedCamera.matrix = ${JSON.stringify(plain)})`);
}
