import { runTasks } from "../factory/run-tasks.ts";
import { openLocalStorage } from "../storage/local.ts";
import { reachOf } from "./reach.ts";
import { readSettingsFile, resolveSettings } from "./settings.ts";
import { taskKinds } from "./task-kinds.ts";

/** The child process that runs the bodies of tasks; its settings are those of the factory, by environment. */
const settings = resolveSettings({
  flags: {},
  env: process.env,
  file: await readSettingsFile(process.cwd()).catch(() => ({})),
});

runTasks({ kinds: taskKinds(reachOf(settings)), openStorage: openLocalStorage });
