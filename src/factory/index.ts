export { AirCanError } from "../base/errors.ts";
export { type DagOfFile, dag, type TaskOfDag, task } from "./define-dag.ts";
export type { Factory, FactoryOptions, ListFilter, LogQuery, Page, RunRequest } from "./factory-types.ts";
export type {
  Dag,
  Job,
  JobStatus,
  LogLine,
  Output,
  Run,
  RunEvent,
  Task as RunTask,
  TaskStatus,
} from "./model.ts";
export { openFactory } from "./open-factory.ts";
export type { DagDefinition, TaskBody, TaskContext, TaskDefinition, TaskKinds, TaskResult } from "./task.ts";
