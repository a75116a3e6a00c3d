import { check } from "./load/check.ts";
import { fetch } from "./load/fetch.ts";
import { load } from "./load/load.ts";
import { notify } from "./load/notify.ts";
import type { LoadTaskBody, LoadTaskContext, LoadTaskParts, LoadTaskResult } from "./load/task.ts";

const bodies = {
  "load.fetch": fetch,
  "load.check": check,
  "load.load": load,
  "load.notify": notify,
} as const satisfies Readonly<Record<string, LoadTaskBody>>;

type LoadTaskKinds = Readonly<Record<string, (context: LoadTaskContext) => Promise<LoadTaskResult>>>;

/** The kinds of task that the DAG `load` is made of, by name. */
export function createLoadTaskKinds(parts: LoadTaskParts): LoadTaskKinds {
  return Object.fromEntries(
    Object.entries<LoadTaskBody>(bodies).map(([kind, body]) => [kind, (context) => body(context, parts)]),
  );
}
