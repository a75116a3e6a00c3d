import type fc from "fast-check";

/** Seconds that each property may take; nothing said: a fixed number of runs, for every day. */
const seconds = Number(process.env.AIRCAN_FUZZ_SECONDS ?? 0);

/**
 * How long a property is tried: `numRuns` by default, with a fixed seed. `AIRCAN_FUZZ_SECONDS=3600 npm test --
 * test/fuzz` tries each for an hour from a new seed, which a failure names; `AIRCAN_FUZZ_SEED` takes it up again.
 */
export function budget(numRuns: number): fc.Parameters<unknown> {
  const seed = Number(process.env.AIRCAN_FUZZ_SEED ?? (seconds > 0 ? Date.now() % 2 ** 31 : 42));
  if (seconds === 0) return { seed, numRuns };
  return {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  };
}

/** Milliseconds after which a test of one property counts as hung. */
export const patience = 240_000 + seconds * 2000;
