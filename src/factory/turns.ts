import { setTimeout as pause } from "node:timers/promises";

export interface TurnOptions {
  /** Milliseconds between two turns, if nobody rings. */
  readonly every: number;
  readonly failed: (error: unknown) => void | Promise<void>;
}

/** Work that is done again and again in the background. */
export interface Turns {
  /** Over when the first turn is. */
  readonly first: Promise<void>;
  /** The next turn begins now, or when the present one is over. */
  readonly ring: () => void;
  /** Waits for the present turn, half a second at most. */
  readonly close: () => Promise<void>;
}

const patience = 500;

/** Calls `turn` at once, whenever it is rung for, and every so often. */
export function openTurns(turn: () => Promise<void>, { every, failed }: TurnOptions): Turns {
  const closing = new AbortController();
  const state = { rung: false, wake: () => {} };
  const once = () => {
    state.rung = false;
    return turn().catch(failed);
  };
  const rest = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    state.wake = resolve;
    if (!state.rung) await Promise.race([promise, quiet(every, closing.signal)]);
  };
  const first = once();
  const work = (async () => {
    for (await first; !closing.signal.aborted; await once()) {
      await rest();
      if (closing.signal.aborted) return;
    }
  })();
  return {
    first,
    ring: () => {
      state.rung = true;
      state.wake();
    },
    close: async () => {
      closing.abort();
      await Promise.race([work, quiet(patience)]);
    },
  };
}

/** A pause that keeps no process alive, and ends with the signal. */
async function quiet(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { ref: false, ...(signal ? { signal } : {}) }).catch(() => {});
}
