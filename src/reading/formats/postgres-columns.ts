import type { Field } from "../../descriptor/types.ts";
import { identifier } from "../../storage/postgres.ts";

/** A column of a table or query of PostgreSQL. */
export interface PostgresColumn {
  readonly field: Field;
  /** SQL that gives its values in the text forms of Table Schema, nested ones as JSON. */
  readonly sql: string;
}

type Typed = Pick<Field, "type"> & { readonly format?: string; readonly zoned?: boolean };

const types: readonly (readonly [RegExp, Typed])[] = [
  [/\[\]$/, { type: "array" }],
  [/^(smallint|integer|bigint|oid|xid8?)$/, { type: "integer" }],
  [/^numeric\(\d+,0\)/, { type: "integer" }],
  [/^(numeric|real|double precision)/, { type: "number" }],
  [/^boolean$/, { type: "boolean" }],
  [/^date$/, { type: "date" }],
  [/^time(\(\d\))? without time zone$/, { type: "time" }],
  [/^timestamp(\(\d\))? without time zone$/, { type: "datetime", zoned: false }],
  [/^timestamp/, { type: "datetime", zoned: true }],
  [/^interval/, { type: "duration" }],
  [/^jsonb?$/, { type: "any" }],
  [/^uuid$/, { type: "string", format: "uuid" }],
  [/^bytea$/, { type: "string", format: "binary" }],
];

/** How a column of a type (as `format_type` writes it) is read; `alias` is its name in the query around. */
export function postgresColumn(name: string, sqlType: string, alias: string): PostgresColumn {
  const typed = types.find(([pattern]) => pattern.test(sqlType))?.[1] ?? { type: "string" };
  return {
    field: { name, ...typed },
    sql: `${textForm(identifier(alias), sqlType, typed)} as ${identifier(name)}`,
  };
}

function textForm(column: string, sqlType: string, { type, format }: Typed): string {
  if (type === "array" || type === "any") return `to_json(${column})`;
  if (type === "datetime") return `to_json(${column}) #>> '{}'`;
  if (format === "binary") return `replace(encode(${column}, 'base64'), e'\\n', '')`;
  if (sqlType === "real" || sqlType === "double precision" || sqlType.startsWith("numeric"))
    return `replace(${column}::text, 'Infinity', 'INF')`;
  return `${column}::text`;
}
