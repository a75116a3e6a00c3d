/** The shapes of the API: types only, from the server's contract. */
export type {
  CreatedShare,
  Dag,
  Dataset,
  ErrorObject,
  FieldProfile,
  List,
  LogLine,
  Output,
  Profile,
  Report,
  ReportComparison,
  ReportError,
  ReportTask,
  Run,
  RunAccepted,
  RunEvent,
  RunStatus,
  Schedule,
  Share,
  SharedReport,
  TableProfile,
  Task,
  TaskStatus,
} from "../../../src/server/contract.ts";

/** Rows of a table, asked for as objects and with their count. */
export interface DatastoreSearch {
  readonly fields: readonly { readonly id: string; readonly type: string }[];
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly total: number;
}
