import type { z } from "zod";
import type { ErrorCode } from "../base/catalogue.ts";
import type { Field } from "../descriptor/types.ts";
import type { Ask } from "../plan/engine.ts";
import type { Expression } from "../plan/expression.ts";
import type { Level, Severity } from "./levels.ts";
import type { Distribution, ReportError, ReportTask } from "./report.ts";

/**
 * A check that is made when a checklist asks for it. Checks see the rows as their types read them: a cell
 * that is not of its type, or that its row lacks, has no value, and rows whose quotes or characters are broken are
 * left out, as all that is found already. They ask in SQL, so that a table of any size is no matter of memory.
 */
export interface CheckDefinition<Config = unknown> {
  /** Its `type` in a checklist, and the type of the errors that it gives. */
  readonly name: ErrorCode;
  readonly level: Level;
  readonly severity?: Severity;
  readonly config: z.ZodType<Config>;
  /** An entry of a checklist, for the reference page; its `type` is added. */
  readonly example: Readonly<Record<string, unknown>>;
  /** @throws AirCanError `unknown-field`, `expression-error`, which the report shows as `check-error`. */
  readonly find: (config: Config, table: CheckedTable) => Promise<void>;
}

/** The table that a check asks about, and the report that it writes to. */
export interface CheckedTable {
  /** Fields with a column in the file, in its order. */
  readonly fields: readonly Field[];
  /** Of the whole table, broken ones too. */
  readonly rows: number;
  /** Newest change of the file, if its source says so. */
  readonly lastModified: Date | null;
  /** The task of this table in the report before; undefined if there is none. */
  readonly before: ReportTask | undefined;
  /** Now, in milliseconds since 1970. */
  readonly now: () => number;
  /**
   * The field of that name.
   *
   * @throws AirCanError `unknown-field` with the known names.
   */
  readonly field: (name: string) => Field;
  /** The SQL name of the table: its columns are the fields, and `"aircan:row"` is the row's number. */
  readonly sqlName: () => Promise<string>;
  /** The SQL name of the rows for which the expression is not true. */
  readonly rowsAgainst: (expression: Expression) => Promise<string>;
  readonly ask: Ask;
  /** Asks a user's query, in a place of its own: it sees tables by their resources' names and nothing else. */
  readonly askAlone: (sql: string, limit: number) => Promise<Answered>;
  /** Reports each row that a query gives, by its column `row`; all are counted. */
  readonly reportRows: (sql: string, tell: TellRow) => Promise<void>;
  /** Leaves a field's distribution in the report, for the next run to compare with. */
  readonly remember: (fieldName: string, distribution: Distribution) => void;
  /** Reports something about the table as a whole. */
  readonly report: (message: string, details?: Partial<ReportError>) => void;
}

export interface Answered {
  readonly count: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** What is said of one row; `field` names the cell that it is about. `answer` has the query's columns. */
export type TellRow = (answer: Readonly<Record<string, unknown>>) => {
  readonly message: string;
  readonly note?: string;
  readonly field?: string;
  readonly expected?: string;
};

/** Keeps the types of a definition together, and forgets them for the registry. */
export function defineCheck<Config>(definition: CheckDefinition<Config>): CheckDefinition {
  return {
    ...definition,
    find: (config, table) => definition.find(definition.config.parse(config), table),
  };
}
