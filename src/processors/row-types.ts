import type { Temporal } from "../base/temporal.ts";
import type { FieldType } from "../descriptor/types.ts";
import type { Flow } from "../flow/flow.ts";
import type { Step } from "../flow/step.ts";

/** What a row function is given for a field of each type. Empty cells are null at run time. */
export interface CellTypes {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  date: Temporal.PlainDate;
  time: Temporal.PlainTime;
  datetime: Temporal.PlainDateTime | Temporal.Instant;
  year: number;
  yearmonth: Temporal.PlainYearMonth;
  duration: Temporal.Duration;
  list: readonly string[];
  object: Record<string, unknown>;
  array: readonly unknown[];
  geopoint: readonly [number, number];
  geojson: Record<string, unknown>;
  any: unknown;
}
export type CellOf<Type extends FieldType> = CellTypes[Type];

/** Rows whose fields the compiler does not know: any name may be asked for. */
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of the cells of an untyped file
export type OpenRow = Record<string, any>;

type IsOpen<Row> = string extends keyof Row ? true : false;
type Flat<Row> = { [Name in keyof Row]: Row[Name] };

/** A row with one field set: fields are known from the first that is named. */
export type WithField<Row, Name extends string, Cell> =
  IsOpen<Row> extends true ? Record<Name, Cell> : Flat<Omit<Row, Name> & Record<Name, Cell>>;
/** A row with a new field; an open row stays open. */
export type WithNewField<Row, Name extends string, Cell> =
  IsOpen<Row> extends true ? Row & Record<Name, Cell> : Flat<Row & Record<Name, Cell>>;
export type WithoutFields<Row, Name extends string> = IsOpen<Row> extends true ? Row : Flat<Omit<Row, Name>>;
export type OnlyFields<Row, Name extends string> =
  IsOpen<Row> extends true ? OpenRow : Flat<Pick<Row, Name & keyof Row>>;
export type WithRenamed<Row, Names extends Readonly<Record<string, string>>> =
  IsOpen<Row> extends true
    ? Row
    : Flat<{ [Name in keyof Row as Name extends keyof Names ? Names[Name] : Name]: Row[Name] }>;

/** Where a flow begins. */
export type Source<Row> =
  | Step<unknown, Row>
  | Flow<Row>
  | readonly Row[]
  | Iterable<Row>
  | AsyncIterable<Row>;
/** What may follow: a step, a flow, or a row function, after which rows have the fields that they had. */
export type Item<In, Out> = Step<In, Out> | Flow | ((row: In) => unknown);
