import type { Readable } from "node:stream";
import type { Field, Schema } from "../descriptor/types.ts";
import type { ClassCounts, FieldChoice } from "../reading/infer.ts";
import type { LocalTable } from "../reading/local-table.ts";
import type { PackagePlan, StagedOutput } from "./package-plan.ts";
import type { Relation, Row, RowError, ScanRelation, StepReference } from "./relation.ts";

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Such as `2GB`; how much the engine itself may hold before it spills to disk. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Where temporary files go; a folder of its own below it is made and removed. */
  readonly temporaryFolder?: string;
}

export interface Progress {
  readonly resource: string;
  readonly rows: number;
  /** 0 to 1, where the size of the source is known. */
  readonly fraction?: number;
}

export interface EngineResult {
  readonly outputs: readonly StagedOutput[];
  /** The schema of each resource as it was in the end, after guesses were widened. */
  readonly resources: Readonly<
    Record<string, { readonly rows: number; readonly errors: number; readonly fields: readonly Field[] }>
  >;
  /** All findings that a policy let pass; at most `errorLimit`, counted fully in `errorCounts`. */
  readonly errors: readonly RowError[];
  readonly errorCounts: Readonly<Record<string, number>>;
}

/** What a sink may do with relations while a run goes on. Every call reads the relation in row order. */
export interface EngineRun {
  readonly signal: AbortSignal;
  /** A folder for temporary files, removed at the end of the run. */
  readonly temporaryFolder: string;
  /** Writes the relation to a local file. Values are the text forms of Table Schema for csv. */
  readonly copyToFile: (
    relation: Relation,
    path: string,
    format: "csv" | "json" | "ndjson" | "parquet",
  ) => Promise<{ rows: number }>;
  /** The relation as CSV bytes fit for PostgreSQL's `COPY … FROM STDIN (FORMAT csv)`; nulls unquoted-empty. */
  readonly copyToPostgres: (relation: Relation) => {
    readonly stream: Readable;
    readonly done: Promise<{ rows: number }>;
  };
  /** Rows as JavaScript sees them, in batches so that the consumer sets the pace. */
  readonly rows: (relation: Relation, options?: { readonly limit?: number }) => AsyncIterable<readonly Row[]>;
  readonly count: (relation: Relation) => Promise<number>;
  /** The fields as they are in this run: `keep` turns those with bad cells into text. */
  readonly fields: (relation: Relation) => Promise<readonly Field[]>;
}

/** Runs plans. The only implementation is DuckDB's; flows and processors know just this. */
export interface Engine {
  /** Runs all: every relation is executed, every sink staged and, if nothing failed, committed. */
  readonly run: (plan: PackagePlan, options?: RunOptions) => Promise<EngineResult>;
  /** Rows of one relation without running sinks. */
  readonly stream: (relation: Relation, options?: RunOptions) => AsyncIterable<readonly Row[]>;
  /** The plan as text: relations, SQL, where it runs, each break to JavaScript. */
  readonly explain: (plan: PackagePlan) => string;
  /** Adds columns and schema to a table of a format that carries its own (JSON, NDJSON, Parquet). */
  readonly describe: (table: LocalTable) => Promise<LocalTable>;
  /**
   * Whether any cell of a scanned file is not of its type or breaks a rule of its row, and whether any of the
   * keys, which are sets of fields, repeats; rows with an empty part of a key repeat none. It is not asked what.
   */
  readonly lookForErrors: (question: CellQuestion, options?: RunOptions) => Promise<Cleanness>;
  /**
   * Which rows of a scanned file, each record of which is a row, have a cell that is not of its type or break a
   * rule. Undefined: so many that each should be looked at, or it cannot be told. Keys are not asked for.
   */
  readonly findBadRows: (question: CellQuestion, options?: RunOptions) => Promise<BadRows | undefined>;
  /** Opens a place for questions in SQL about relations; what it takes beyond its memory goes to disk. */
  readonly inquire: <Result>(
    use: (inquiry: Inquiry) => Promise<Result>,
    options?: RunOptions,
  ) => Promise<Result>;
  /**
   * Answers a query from outside, which sees the tables by their names and nothing else: no file, no network.
   *
   * @throws AirCanError `data-error` for a query that DuckDB refuses, `timeout`.
   */
  readonly askAlone: (query: LoneQuery, options?: RunOptions) => Promise<LoneAnswer>;
  /** How many cells of each class (see `cellClasses`) every field of a scanned text file has, over its sound rows. */
  readonly classes: (
    scan: ScanRelation,
    missingValues: readonly string[],
    options?: RunOptions,
  ) => Promise<readonly ClassCounts[]>;
  /** What a whole relation holds, field by field. */
  readonly statistics: (relation: Relation, options?: RunOptions) => Promise<Statistics>;
}

/** What a file's cells must be. */
export interface CellQuestion {
  readonly scan: ScanRelation;
  readonly fields: readonly Field[];
  readonly schema: Schema;
  readonly missingValues: readonly string[];
  readonly keys: readonly (readonly string[])[];
}

export interface BadRows {
  /** Their places among the rows of the file, from 0, in rising order. */
  readonly places: readonly number[];
  /** How many rows there are, good and bad. */
  readonly rows: number;
}

/** `doubtful`: something is wrong, or cannot be told without looking at each row. */
export type Cleanness = "clean" | "keys repeat" | "doubtful";

/** A value of an answer; moments, lists and the like are texts. */
export type AnswerValue = string | number | bigint | boolean | null;
export type Answer = Readonly<Record<string, AnswerValue>>;
/** Asks one question in the SQL of DuckDB; its answer has few rows, or says a `LIMIT`. */
export type Ask = (sql: string) => Promise<readonly Answer[]>;

export interface Inquiry {
  /**
   * The name of a view with the values of a relation, whose bad cells are null, as are those that a row of text
   * lacks. Its column `aircan:row` has the number of each row, unless `firstRow` is null.
   */
  readonly table: (relation: Relation, options?: InquiredTable) => Promise<string>;
  readonly ask: Ask;
}

export interface InquiredTable {
  /**
   * The number of the first row, for text of which is known that each record is a row; undefined: the text is
   * read for the rows' numbers; null: they are not wanted.
   */
  readonly firstRow?: number | null | undefined;
}

export interface LoneQuery {
  readonly tables: Readonly<Record<string, Relation>>;
  readonly sql: string;
  /** Rows of the answer; all are counted. */
  readonly limit: number;
  readonly seconds: number;
}

export interface LoneAnswer {
  readonly count: number;
  readonly rows: readonly Answer[];
}

/** Facts about every field over all rows. */
export interface Statistics {
  readonly rows: number;
  readonly fields: Readonly<Record<string, FieldStatistics>>;
}

/** What a field holds. Values stand as texts of the field's type, as a CSV file has them. */
export interface FieldStatistics {
  /** Cells that have a value, and cells that have none. */
  readonly count: number;
  readonly nulls: number;
  /** Different values: counted up to a million, estimated by a sketch (within a few percent) beyond. */
  readonly distinct: number;
  readonly distinctIs: "exact" | "estimated";
  readonly min: string | null;
  readonly max: string | null;
  /** Of finite numbers; null for other types. */
  readonly mean: number | null;
  /** Standard deviation of the same, as of a sample. */
  readonly deviation: number | null;
  /** The values below which a share (0 to 1) of the rows lies; of numbers, years and moments, in rising order. */
  readonly quantiles: readonly { readonly share: number; readonly value: string }[];
  /** `estimated` by a sketch in large tables. */
  readonly quantilesAre: "exact" | "estimated";
  /** The commonest values, at most ten, the commonest first. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
  /** Bins of one width from the least value to the greatest, `to` excluded but in the last; of the same types as quantiles. */
  readonly histogram: readonly { readonly from: string; readonly to: string; readonly count: number }[];
}

/** A field as the whole file shows it, and why. */
export interface SettledField extends Omit<FieldChoice, "field"> {
  readonly field: Field;
}

/**
 * Thrown by `run` and `stream` when a cell speaks against a guessed type. Not an error for users: the flow
 * plans again with `fields`, which the engine has verified on the whole file, and runs again.
 */
export class GuessWidened extends Error {
  readonly at: StepReference;
  readonly resource: string;
  readonly fields: readonly SettledField[];

  constructor(at: StepReference, resource: string, fields: readonly SettledField[]) {
    super(`the types guessed for ${resource} were too narrow`);
    this.at = at;
    this.resource = resource;
    this.fields = fields;
  }
}
