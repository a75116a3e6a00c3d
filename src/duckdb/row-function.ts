import {
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBDataChunk,
  DuckDBScalarFunction,
  DuckDBStructVector,
  type DuckDBType,
  type DuckDBVector,
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
import { AirCanError, messageOf } from "../base/errors.ts";
import type { Field } from "../descriptor/types.ts";
import type { MapRelation, Row } from "../plan/relation.ts";
import type { SqlType } from "./cell.ts";
import type { Column } from "./expression.ts";
import { rowView } from "./row-view.ts";
import type { Session } from "./session.ts";
import { fromWire, toWire, type WireValue, wireOf, wireTypes, writtenType } from "./wire.ts";

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

/**
 * Makes a row function callable in SQL over all columns of its input; it reads only those that it touches.
 * Returns the name under which it is registered.
 */
export function registerRowFunction(
  session: Session,
  relation: MapRelation,
  columns: readonly Column[],
): string {
  const name = `aircan_function_${session.nextNumber()}`;
  const outputs = wireColumns(relation).map((field) => {
    const type = writtenType(
      field,
      columns.find((column) => column.field.name === field.name),
    );
    return { field, type, convert: toWire(field, type) };
  });
  const types = outputs.map(({ type }) => wireTypes[wireOf(type)]);
  const returnType =
    relation.target === null
      ? STRUCT(Object.fromEntries(types.map((type, i) => [`c${i}`, type])))
      : (types[0] ?? VARCHAR);
  const view = rowView(columns);
  let row = 0;
  const mainFunction = (_info: unknown, input: DuckDBDataChunk, output: DuckDBVector) => {
    const chunk = view.open(input);
    try {
      for (let i = 0; i < input.rowCount; i++) {
        row++;
        writeResult(output, i, resultOf(relation, view.row(chunk, i), outputs));
      }
    } catch (error) {
      session.thrown ??= rowError(relation, row, error);
      throw error;
    } finally {
      view.close(chunk);
    }
    output.flush();
  };
  session.connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      mainFunction,
      returnType,
      parameterTypes: columns.map(({ type }) => duckdbType(type)),
      specialHandling: true,
      volatile: !relation.pure,
    }),
  );
  return name;
}

interface Output {
  readonly field: Field;
  readonly convert: (value: unknown) => WireValue;
}

function resultOf(relation: MapRelation, row: Row, outputs: readonly Output[]): WireValue | WireValue[] {
  const result = relation.apply(row);
  if (relation.target !== null) return outputs[0]?.convert(result) ?? null;
  const values = isRow(result) ? result : row;
  return outputs.map(({ field, convert }) => convert(values[field.name]));
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null;
}

function writeResult(output: DuckDBVector, index: number, value: WireValue | WireValue[]): void {
  if (!Array.isArray(value)) {
    output.setItem(index, value);
  } else if (output instanceof DuckDBStructVector) {
    for (const [i, entry] of value.entries()) output.setItemValue(index, i, entry);
  }
}

function rowError({ at }: MapRelation, row: number, error: unknown): AirCanError {
  if (error instanceof AirCanError) return error.at({ step: at.step, processor: at.processor, row });
  return new AirCanError(
    "row-function-error",
    `The function of step ${at.step} (${at.processor}) threw at row ${row}: ${messageOf(error)}`,
    { where: { step: at.step, processor: at.processor, row }, cause: error },
  );
}
