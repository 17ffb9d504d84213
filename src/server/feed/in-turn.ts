// Runs a job for each item, a few at a time.

/** Stops at the first that fails, once those under way have ended. @throws what that one threw */
export async function inTurn<T>(
  items: Iterable<T>,
  atATime: number,
  job: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  let failed: { readonly error: unknown } | null = null;
  const work = async (): Promise<void> => {
    for (let next = rest.next(); !next.done && failed === null; next = rest.next()) {
      try {
        await job(next.value);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  if (failed !== null) throw (failed as { readonly error: unknown }).error;
}
