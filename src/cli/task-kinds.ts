import { createLoadTaskKinds } from "../ckan/load-tasks.ts";
import type { TaskKinds } from "../factory/task.ts";
import { createValidationTaskKinds } from "../factory/validation/task.ts";
import { engine } from "../index.ts";
import { flowTask } from "./flow-task.ts";
import { moduleTask } from "./module-task.ts";
import type { Reach } from "./reach.ts";

/** Every kind of task there is. */
export function taskKinds(reach: Reach): TaskKinds {
  return {
    ...createLoadTaskKinds({ ...reach, engine }),
    ...createValidationTaskKinds({ ...reach, engine }),
    flow: flowTask(reach),
    module: moduleTask(reach),
  };
}
