// The signals that a node answers, caught from before it starts: none may end the process with half of a start behind it.

export interface Signals {
  /** Whether SIGTERM or SIGINT has come. */
  readonly isLeaving: () => boolean;
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly leaving: Promise<void>;
  /** What SIGHUP does from now on; until then nothing. */
  readonly onHangUp: (run: () => void) => void;
  /** Gives the signals back their own meaning. */
  readonly release: () => void;
}

/** Where signals arrive: the process, or what stands for it in a test. */
export type SignalSource = Pick<NodeJS.EventEmitter, 'on' | 'off'>;

export function catchSignals(source: SignalSource): Signals {
  let isLeaving = false;
  let hangUp: () => void = () => undefined;
  let resolve: () => void = () => undefined;
  const leaving = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  const leave = (): void => {
    isLeaving = true;
    resolve();
  };
  const reload = (): void => hangUp();
  source.on('SIGTERM', leave).on('SIGINT', leave).on('SIGHUP', reload);
  return {
    isLeaving: () => isLeaving,
    leaving,
    onHangUp: (run) => {
      hangUp = run;
    },
    release: () => {
      source.off('SIGTERM', leave).off('SIGINT', leave).off('SIGHUP', reload);
    },
  };
}
