import { createLoadTaskKinds } from "../ckan/load-tasks.ts";
import { runTasks } from "../factory/run-tasks.ts";
import type { TaskKinds } from "../factory/task.ts";
import { engine } from "../index.ts";
import { openLocalStorage } from "../storage/local.ts";
import { flowTask } from "./flow-task.ts";
import { moduleTask } from "./module-task.ts";
import { reachOf } from "./reach.ts";
import { readSettingsFile, resolveSettings } from "./settings.ts";

/** The child process that runs the bodies of tasks; all kinds of task come together here. */
const settings = resolveSettings({
  flags: {},
  env: process.env,
  file: await readSettingsFile(process.cwd()).catch(() => ({})),
});
const reach = reachOf(settings);

const kinds: TaskKinds = {
  ...createLoadTaskKinds({ ...reach, engine }),
  flow: flowTask(reach),
  module: moduleTask(reach),
};

runTasks({ kinds, openStorage: openLocalStorage });
