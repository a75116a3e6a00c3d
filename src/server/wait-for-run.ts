import type { Factory, Run } from "../factory/factory.ts";

export interface Patience {
  readonly seconds: number;
  /** Of the caller, who may go away. */
  readonly signal: AbortSignal;
}

/** Waits until a run has ended, or for so long; gives the run as it is then. */
export async function waitForRun(factory: Factory, run: string, { seconds, signal }: Patience): Promise<Run> {
  const enough = new AbortController();
  const stop = AbortSignal.any([enough.signal, signal, AbortSignal.timeout(seconds * 1000)]);
  for await (const { type } of factory.subscribe({ run, after: 0, signal: stop }))
    if (type === "run.ended" && (await factory.showRun(run)).ended !== null) enough.abort();
  return factory.showRun(run);
}
