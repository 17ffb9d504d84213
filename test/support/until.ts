// Waits for a condition instead of a time.

const DEADLINE_MS = 30_000;
const STEP_MS = 20;

/** @throws Error that names what did not come about within 30 s */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  throw new Error(`It never came to that: ${what}`);
}
