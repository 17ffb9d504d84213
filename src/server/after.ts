// Running something later, in a way that can be called off and that a test can stand in for.

/** Runs the function after so many milliseconds; what is returned calls it off. */
export type After = (run: () => void, ms: number) => () => void;

/** Does not keep the process alive. */
export const after: After = (run, ms) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
