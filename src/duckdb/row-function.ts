import {
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBScalarFunction,
  type DuckDBType,
  HUGEINT,
  INTEGER,
  INTERVAL,
  LIST,
  STRUCT,
  TIME,
  TIME_NS,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
  VARCHAR,
} from "@duckdb/node-api";
import duckdb, { type Vector } from "@duckdb/node-bindings";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { Field } from "../descriptor/types.ts";
import type { MapRelation, Row } from "../plan/relation.ts";
import type { SqlType } from "./cell.ts";
import type { Column } from "./expression.ts";
import { rowView } from "./row-view.ts";
import { CalledOutOfOrder, FieldMissed, type Session } from "./session.ts";
import { fromWire, toWire, type Wire, type WireValue, wireOf, wireTypes, writtenType } from "./wire.ts";
import { writeVector } from "./write-vector.ts";

const plainTypes: Readonly<Record<string, DuckDBType>> = {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  HUGEINT,
  INTEGER,
  INTERVAL,
  TIME,
  TIME_NS,
  TIMESTAMP,
  TIMESTAMP_NS,
  "TIMESTAMP WITH TIME ZONE": TIMESTAMPTZ,
  VARCHAR,
  JSON: VARCHAR,
  "STRUCT(lon DOUBLE, lat DOUBLE)": STRUCT({ lon: DOUBLE, lat: DOUBLE }),
};

/** The type object of an SQL type's name. */
export function duckdbType(type: SqlType): DuckDBType {
  if (type.endsWith("[]")) return LIST(duckdbType(type.slice(0, -2)));
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal) return DECIMAL(Number(decimal[1]), Number(decimal[2]));
  const known = plainTypes[type];
  if (!known) throw new AirCanError("bug", `There is no type object for ${type}.`);
  return known;
}

/** The fields that a row function gives: its target, or all. */
export function wireColumns(relation: MapRelation): readonly Field[] {
  return relation.schema.fields.filter(({ name }) => relation.target === null || name === relation.target);
}

/** A field that a row function gave, as a column. */
export function outputColumn(
  field: Field,
  raw: string,
  below: Column | undefined,
): { sql: string; column: Column } {
  const type = writtenType(field, below);
  return { sql: fromWire(raw, field, type), column: { field, type } };
}

/** A row function as SQL can call it. */
export interface RegisteredFunction {
  readonly name: string;
  /** Rows are counted from 1 again: a statement that calls it is about to run. */
  readonly restart: () => void;
}

/** The columns that a row function is called with: those that it reads, but at least one; else all. */
export function passedColumns(
  columns: readonly Column[],
  read: ReadonlySet<string> | undefined,
): readonly Column[] {
  if (read === undefined) return columns;
  const passed = columns.filter(({ field }) => read.has(field.name));
  return passed.length === 0 ? columns.slice(0, 1) : passed;
}

interface Calling {
  /** All columns of the function's input. */
  readonly columns: readonly Column[];
  /** The fields that it has read so far, if only those are to be passed. */
  readonly read: ReadonlySet<string> | undefined;
}

/** Makes a row function callable in SQL. `volatile` keeps DuckDB from calling it once for several rows. */
export function registerRowFunction(
  session: Session,
  relation: MapRelation,
  { columns, read }: Calling,
): RegisteredFunction {
  const name = `aircan_function_${session.nextNumber()}`;
  const outputs = wireColumns(relation).map((field) => outputOf(field, columns));
  const passed = passedColumns(columns, read);
  const view = rowView(passed, {
    names: columns.map(({ field }) => field.name),
    onMissed: (name) => {
      session.thrown ??= new FieldMissed(relation, name);
      throw session.thrown;
    },
  });
  let row = 0;
  const scalar = DuckDBScalarFunction.create({
    name,
    mainFunction: () => {},
    returnType: returnTypeOf(relation, outputs),
    parameterTypes: passed.map(({ type }) => duckdbType(type)),
    specialHandling: true,
    volatile: true,
  });
  duckdb.scalar_function_set_function(scalar.scalar_function, (_info, input, output) => {
    const rows = duckdb.data_chunk_get_size(input);
    const chunk = view.open(input);
    try {
      const results = outputs.map((): WireValue[] => new Array(rows));
      for (let i = 0; i < rows; i++) {
        row++;
        keepResult(relation, view.row(chunk, i), { outputs, results, i });
      }
      if (session.thrown) throw session.thrown;
      writeResults(relation, output, { outputs, results });
    } catch (error) {
      session.thrown ??=
        relation.pure && !session.inOrder ? new CalledOutOfOrder() : rowError(relation, row, error);
      throw error;
    } finally {
      view.close(chunk);
    }
  });
  session.connection.registerScalarFunction(scalar);
  return {
    name,
    restart: () => {
      row = 0;
    },
  };
}

interface Output {
  readonly field: Field;
  readonly wire: Wire;
  readonly convert: (value: unknown) => WireValue;
}

function outputOf(field: Field, columns: readonly Column[]): Output {
  const below = columns.find((column) => column.field.name === field.name);
  const type = writtenType(field, below);
  return { field, wire: wireOf(type), convert: toWire(field, type) };
}

/** The value of the target; of a function that may change all, a struct with each field. */
function returnTypeOf(relation: MapRelation, outputs: readonly Output[]): DuckDBType {
  const types = outputs.map(({ wire }) => wireTypes[wire]);
  return relation.target === null
    ? STRUCT(Object.fromEntries(types.map((type, i) => [`c${i}`, type])))
    : (types[0] ?? VARCHAR);
}

interface Results {
  readonly outputs: readonly Output[];
  /** The values of the chunk's rows, by output. */
  readonly results: readonly WireValue[][];
}

function keepResult(
  relation: MapRelation,
  row: Row,
  { outputs, results, i }: Results & { readonly i: number },
): void {
  const result = relation.apply(row);
  const values = isRow(result) ? result : row;
  for (let output = 0; output < outputs.length; output++) {
    const { field, convert } = outputs[output] as Output; // within its length
    const kept = results[output] as WireValue[]; // one for each output
    kept[i] = convert(relation.target === null ? values[field.name] : result);
  }
}

function writeResults(relation: MapRelation, output: Vector, { outputs, results }: Results): void {
  for (const [i, { wire }] of outputs.entries())
    writeVector(
      relation.target === null ? duckdb.struct_vector_get_child(output, i) : output,
      wire,
      results[i] ?? [],
    );
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null;
}

function rowError({ at }: MapRelation, row: number, error: unknown): AirCanError {
  if (error instanceof AirCanError) return error.at({ step: at.step, processor: at.processor, row });
  return new AirCanError(
    "row-function-error",
    `The function of step ${at.step} (${at.processor}) threw at row ${row}: ${messageOf(error)}`,
    { where: { step: at.step, processor: at.processor, row }, cause: error },
  );
}
