import type { Field, Resource, Schema } from "../descriptor/types.ts";
import type { LocalTable } from "../reading/local-table.ts";
import type { Expression } from "./expression.ts";

/**
 * A plan is an immutable tree of relations, each with a known schema. Building one has no effects. The
 * engine compiles it to SQL; only `map` (row functions), `transform` and `rows` break to JavaScript.
 *
 * Column names of a relation are its field names. Two relation objects are the same data if they are the
 * same object: that is how the engine knows what it may compute once.
 */
export type Relation =
  | ScanRelation
  | RowsRelation
  | CastRelation
  | CheckRelation
  | ProjectRelation
  | FilterRelation
  | SortRelation
  | DistinctRelation
  | LimitRelation
  | MapRelation
  | TransformRelation
  | ErrorsRelation;

/** What to do with a bad cell or row. `keep` turns the fields that have bad cells into text. */
export type ErrorPolicy = "fail" | "drop" | "clear" | "keep" | "report" | ErrorCallback;

/** Decides on one bad cell: true keeps the row as it is, false drops it; throwing ends the run. */
export type ErrorCallback = (error: RowError) => boolean;

/** One finding about one row or cell; a row of the side resource `errors`. */
export interface RowError {
  readonly code: string;
  readonly resource: string;
  /** Record of the source, counted from 1 with header and blank ones (as Frictionless counts). */
  readonly row: number;
  /** Physical line, from 1. Null where the source is no text. */
  readonly line: number | null;
  /** Byte offset of the record in the decompressed source. */
  readonly byteOffset: number | null;
  readonly field: string | null;
  readonly fieldNumber: number | null;
  readonly value: string | null;
  readonly message: string;
}

/** Where a relation came from, for messages. */
export interface StepReference {
  /** Position in its flow, from 1; nested flows give `2.1`. */
  readonly step: string;
  readonly processor: string;
}

interface Base {
  readonly schema: Schema;
  readonly at: StepReference;
}

/** Raw cells of a file. Text formats give every column as text; Parquet gives its own types. */
export interface ScanRelation extends Base {
  readonly kind: "scan";
  readonly table: LocalTable;
}

/** Objects from JavaScript: array, iterable or async iterable (`open` is called once a run). */
export interface RowsRelation extends Base {
  readonly kind: "rows";
  readonly open: () => Iterable<object> | AsyncIterable<object>;
}

/**
 * Text becomes typed values, or typed values other types. Cells equal to a missing value become null first.
 * `guessed` fields were inferred from a sample: a cell against one widens the field instead of being an error.
 */
export interface CastRelation extends Base {
  readonly kind: "cast";
  readonly input: Relation;
  readonly fields: readonly Field[];
  readonly missingValues: readonly string[];
  readonly guessed: readonly string[];
  /** The step that guessed, which is told when a guess was too narrow. */
  readonly guessedAt: StepReference;
  readonly onError: ErrorPolicy;
  readonly resource: string;
}

/** Rows tested against the constraints and keys of the schema; types stay as they are. */
export interface CheckRelation extends Base {
  readonly kind: "check";
  readonly input: Relation;
  readonly onError: ErrorPolicy;
  readonly resource: string;
}

/** Fields chosen, renamed, computed. `columns` has an entry for each field of the schema, in its order. */
export interface ProjectRelation extends Base {
  readonly kind: "project";
  readonly input: Relation;
  readonly columns: readonly { readonly name: string; readonly value: Expression }[];
}

export interface FilterRelation extends Base {
  readonly kind: "filter";
  readonly input: Relation;
  readonly where: Expression;
}

export interface SortRelation extends Base {
  readonly kind: "sort";
  readonly input: Relation;
  readonly keys: readonly { readonly value: Expression; readonly descending: boolean }[];
}

/** The first row of each key in row order. */
export interface DistinctRelation extends Base {
  readonly kind: "distinct";
  readonly input: Relation;
  readonly keys: readonly string[];
}

export interface LimitRelation extends Base {
  readonly kind: "limit";
  readonly input: Relation;
  readonly count: number;
}

/** A row as JavaScript sees it; see the contract for the type of each cell. */
export type Row = Record<string, unknown>;

/**
 * A row function. With `target` it computes that one field; without, it may change the row in place or
 * return another, and every field is read back from it. Called once per row, in row order; one that is
 * `pure` (its value depends on the row alone) in any order, and again when a run is repeated.
 */
export interface MapRelation extends Base {
  readonly kind: "map";
  readonly input: Relation;
  readonly apply: (row: Row) => unknown;
  readonly target: string | null;
  readonly pure: boolean;
}

/** `rows(fn)`: all rows through a function that gives rows. */
export interface TransformRelation extends Base {
  readonly kind: "transform";
  readonly input: Relation;
  readonly resource: Resource;
  readonly apply: (rows: AsyncIterable<Row>, resource: Resource) => Iterable<object> | AsyncIterable<object>;
}

/** The findings of casts and checks that report: the side resource `errors`. */
export interface ErrorsRelation extends Base {
  readonly kind: "errors";
  readonly of: readonly (CastRelation | CheckRelation)[];
}
