// The symbol that stands on the screen: signed anew every ten seconds, by the server's time, with or without a network.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { QUIET_ZONE, qrMatrix, quickMatrix } from '../../adapters/qr/matrix.js';
import { pathData } from '../../adapters/qr/path-data.js';
import { encodeYm2, presentationMessage } from '../../core/envelope/ym2.js';
import { type DeviceKey, signWith } from './device-key.js';
import { serverNow } from './server-clock.js';

const PERIOD_SECONDS = 10;

export interface Symbol {
  /** SVG path data of the dark modules in a square of `side` modules. */
  readonly path: string;
  readonly side: number;
  /** Which period it was signed in. */
  readonly period: number;
}

/** The first symbol of a page is waited for. */
let isFirst = true;

async function drawSymbol(credential: Uint8Array, key: DeviceKey, now: number): Promise<Symbol> {
  const at = Math.floor(now);
  const signature = await signWith(key, presentationMessage(credential, at));
  const text = encodeYm2(credential, at, null, signature);
  const { size, modules } = isFirst ? quickMatrix(text) : qrMatrix(text);
  isFirst = false;
  return {
    path: pathData(size, modules, QUIET_ZONE),
    side: size + 2 * QUIET_ZONE,
    period: Math.floor(now / PERIOD_SECONDS),
  };
}

/** What is to be shown, and the difference of the clocks, in seconds. */
export interface Showing {
  readonly credential: Uint8Array;
  readonly key: DeviceKey;
  readonly offset: number;
}

/**
 * The newest symbol, null until the first is signed or while nothing is shown. Signs only while the page is seen, and at once when it
 * is seen again; a symbol of another code or another clock is never left standing.
 */
export function useSymbol(showing: Showing | null): Symbol | null {
  const [symbol, setSymbol] = useState<Symbol | null>(null);
  const period = useRef(-1);
  const { credential, key, offset } = showing ?? {};
  // Before the page is painted, since the symbol is what everybody waits for.
  useLayoutEffect(() => {
    setSymbol(null);
    period.current = -1;
    if (credential === undefined || key === undefined || offset === undefined) return;
    let stopped = false;
    const look = (): void => {
      const now = serverNow(Date.now(), offset);
      const current = Math.floor(now / PERIOD_SECONDS);
      if (document.visibilityState !== 'visible' || current === period.current) return;
      period.current = current;
      void drawSymbol(credential, key, now).then((drawn) => !stopped && setSymbol(drawn));
    };
    look();
    const timer = setInterval(look, 250);
    document.addEventListener('visibilitychange', look);
    return () => {
      stopped = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [credential, key, offset]);
  return symbol;
}

/** Whole seconds until the next symbol. */
export function secondsLeft(now: number): number {
  return PERIOD_SECONDS - (Math.floor(now) % PERIOD_SECONDS);
}
