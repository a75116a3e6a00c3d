import { runTasks } from "../../src/factory/run-tasks.ts";
import { openLocalStorage } from "../../src/storage/local.ts";

/** The process that runs the tasks of P5's chain, which do nothing. */
runTasks({ kinds: { nothing: async () => ({}) }, openStorage: openLocalStorage });
