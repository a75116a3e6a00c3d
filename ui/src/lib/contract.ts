/** The shapes of the API: types only, from the server's contract. */
export type {
  Dag,
  Job,
  LogLine,
  Output,
  Run,
  RunEvent,
  RunStatus,
  Task,
  TaskStatus,
} from "../../../src/factory/model.ts";

export interface ErrorObject {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly kind: "config" | "data" | "io" | "bug";
  readonly where: Readonly<Record<string, unknown>>;
  readonly cause?: string | undefined;
  readonly docs: string;
  readonly details?: unknown;
}
export interface List<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
  readonly total: number;
}
export interface RunAccepted {
  readonly run_id: string;
  readonly job_id: string;
  readonly status: string;
  readonly url: string;
}
export interface ReportError {
  readonly type: string;
  readonly message: string;
  readonly severity?: string;
  readonly rowNumber?: number;
  readonly line?: number;
  readonly fieldNumber?: number;
  readonly fieldName?: string;
  readonly cell?: unknown;
  readonly cells?: readonly unknown[];
}
export interface ReportTask {
  readonly name: string;
  readonly type: string;
  readonly valid: boolean;
  readonly place: string;
  readonly labels?: readonly string[];
  readonly stats: {
    readonly errors: number;
    readonly warnings: number;
    readonly rows?: number;
    readonly fields?: number;
    readonly bytes?: number;
    readonly errorCounts?: Readonly<Record<string, number>>;
  };
  readonly warnings: readonly string[];
  readonly errors: readonly ReportError[];
}
export interface Report {
  readonly valid: boolean;
  readonly stats: {
    readonly tasks: number;
    readonly errors: number;
    readonly warnings: number;
    readonly seconds: number;
  };
  readonly errors: readonly ReportError[];
  readonly warnings: readonly string[];
  readonly tasks: readonly ReportTask[];
}
export interface DatastoreSearch {
  readonly fields: readonly { readonly id: string; readonly type: string }[];
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly total: number;
}
