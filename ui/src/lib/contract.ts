/** The shapes of the API: types only, from the server's contract. */
export type {
  Dag,
  Dataset,
  ErrorObject,
  List,
  LogLine,
  Output,
  Report,
  ReportError,
  ReportTask,
  Run,
  RunAccepted,
  RunEvent,
  RunStatus,
  Task,
  TaskStatus,
} from "../../../src/server/contract.ts";

/** Rows of a table, asked for as objects and with their count. */
export interface DatastoreSearch {
  readonly fields: readonly { readonly id: string; readonly type: string }[];
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly total: number;
}
