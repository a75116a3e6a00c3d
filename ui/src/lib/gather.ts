/** A function that may be called often, and its off switch. */
export interface Gathered {
  (): void;
  /** Does at once what is due, and nothing any more. */
  readonly stop: () => void;
}

/** Makes many calls one: `act` runs once, this many milliseconds after the first of them. */
export function gather(act: () => void, milliseconds: number): Gathered {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const run = () => {
    timer = null;
    act();
  };
  const call = () => {
    if (timer === null) timer = setTimeout(run, milliseconds);
  };
  const stop = () => {
    if (timer === null) return;
    clearTimeout(timer);
    run();
  };
  return Object.assign(call, { stop });
}
