import { setTimeout as sleep } from "node:timers/promises";
import { AirCanError } from "../base/errors.ts";

/** How often something from outside is tried. */
export const tries = 3;
/** Milliseconds that a server may ask to wait; for longer it is given up. */
const longestWait = 60_000;

/** Errors that may be gone the next time, and after how many milliseconds if the other side said so. */
const passing = new WeakMap<AirCanError, number | null>();

/** Marks an error as one that may be gone the next time. `after`: milliseconds that the other side asks to wait. */
export function passingError(error: AirCanError, after: number | null = null): AirCanError {
  passing.set(error, after);
  return error;
}

/** True if trying again may help. */
export function isPassing(error: unknown): error is AirCanError {
  return error instanceof AirCanError && passing.has(error);
}

/**
 * Tries something again, with growing pauses or those that the other side asks for, as long as it fails with
 * a passing error.
 *
 * @throws what the last try threw.
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error) || count >= tries || signal.aborted) throw error;
      await pauseAfter(error, { count, signal });
    }
  }
}

/** Waits before the next try. @throws the error itself if the other side asks for too long a pause. */
export async function pauseAfter(
  error: AirCanError,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal },
): Promise<void> {
  const asked = passing.get(error) ?? null;
  if (asked !== null && asked > longestWait) throw error;
  await sleep(asked ?? 200 * 2 ** count, undefined, { signal }).catch(() => {}); // the next try says that it was aborted
}

/** Milliseconds that a `Retry-After` header means: seconds or a date; null without one. */
export function retryAfter(header: string | null, now = Date.now()): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
