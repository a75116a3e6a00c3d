/** `aircan/ckan`: loading into a DataStore, as DAG, tasks, and a function. */
export { type FileLoad, type FileLoaded, loadFile } from "./load/load-file.ts";
export type { LoadTaskContext, LoadTaskParts, LoadTaskResult } from "./load/task.ts";
export { loadDag } from "./load-dag.ts";
export { createLoadTaskKinds } from "./load-tasks.ts";
