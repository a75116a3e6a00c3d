/** Room for so many tries at once in this process. */
export interface Slots {
  /** Keeps a free slot for a try that is about to begin here; false if there is none. */
  readonly reserve: (id: string) => boolean;
  /** Takes the reserved slot, or waits for one. True if it was reserved. */
  readonly enter: (id: string) => Promise<boolean>;
  readonly leave: () => void;
}

/** A reserved slot whose try does not begin (it was queued before) is free again after this. */
const patience = 2_000;

export function openSlots(size: number): Slots {
  const state = { free: size };
  const waiting: (() => void)[] = [];
  const reserved = new Set<string>();
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else state.free += 1;
  };
  return {
    reserve: (id) => {
      if (state.free <= 0 || reserved.has(id)) return false;
      state.free -= 1;
      reserved.add(id);
      setTimeout(() => reserved.delete(id) && leave(), patience).unref();
      return true;
    },
    enter: async (id) => {
      if (reserved.delete(id)) return true;
      if (state.free > 0) state.free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return false;
    },
    leave,
  };
}
