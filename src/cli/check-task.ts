import { AirCanError } from "../base/errors.ts";
import type { TaskDefinition } from "../factory/task.ts";
import { checkSettings } from "../factory/validation/options.ts";
import { flowFromSpec } from "../index.ts";
import { taskKinds } from "./task-kinds.ts";

/** Stands in for parameters while a flow is only checked. */
const anyParams = new Proxy({}, { get: () => "0" });
const kinds = Object.keys(taskKinds({ allowPrivate: false, allowLocal: [], fetching: {} }));

/**
 * Checks a task's kind, and that its flow can be built (where it stands in the DAG, not in the conf).
 *
 * @throws AirCanError `dag-error`, `unknown-processor`, `config-error`.
 */
export function checkTask({ kind, config }: TaskDefinition): void {
  if (!kinds.includes(kind))
    throw new AirCanError("dag-error", `There is no kind of task "${kind}"; there are ${kinds.join(", ")}.`);
  if (kind === "flow" && config?.flow !== undefined)
    flowFromSpec({ flow: config.flow }, { params: anyParams });
  if (kind === "validate") checkSettings(config ?? {});
}
