export type {
  Factory,
  FactoryOptions,
  GarbageReport,
  ListFilter,
  LogQuery,
  Page,
  RunRequest,
  Scope,
  Token,
} from "./factory-types.ts";
export type { Run } from "./model.ts";
export { openFactory } from "./open-factory.ts";
