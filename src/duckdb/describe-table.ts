import type { Field } from "../descriptor/types.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { structuredSource } from "./compile.ts";
import { isText, type StructuredColumn } from "./scan.ts";
import { query, type Session } from "./session.ts";

/** The columns that a JSON, NDJSON or Parquet file has. */
export async function structuredColumns(session: Session, table: LocalTable): Promise<StructuredColumn[]> {
  const declared = new Map(table.resource.schema?.fields.map((field) => [field.name, field]) ?? []);
  const rows = await query(session, `DESCRIBE SELECT * FROM ${structuredSource(table.path, table.format)}`);
  return rows.map(([name, type]) => {
    const stored = storedType(String(type));
    const field = fieldOf(String(name), stored);
    const told = declared.get(field.name);
    return { field: told?.type === field.type ? { ...field, ...told } : field, stored };
  });
}

/** Enums are texts; JSON of any shape is JSON. */
function storedType(type: string): string {
  if (type.startsWith("ENUM")) return "VARCHAR";
  return type === "TIMESTAMPTZ" ? "TIMESTAMP WITH TIME ZONE" : type;
}

const numbers =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT|DECIMAL\(\d+,0\))$/;

function fieldOf(name: string, type: string): Field {
  if (numbers.test(type)) return { name, type: "integer" };
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return { name, type: "number" };
  if (type === "BOOLEAN") return { name, type: "boolean" };
  if (type === "DATE") return { name, type: "date" };
  if (type === "TIME" || type === "TIME_NS") return { name, type: "time" };
  if (type === "TIMESTAMP WITH TIME ZONE") return { name, type: "datetime", zoned: true };
  if (type.startsWith("TIMESTAMP")) return { name, type: "datetime", zoned: false };
  if (type === "INTERVAL") return { name, type: "duration" };
  if (type === "VARCHAR[]") return { name, type: "list" };
  if (type === "STRUCT(lon DOUBLE, lat DOUBLE)") return { name, type: "geopoint" };
  if (type.endsWith("]")) return { name, type: "array" };
  if (/^(STRUCT|MAP)/.test(type)) return { name, type: "object" };
  return { name, type: type === "JSON" ? "any" : "string" };
}

/** A table with its columns and schema, for formats that carry them in the file; others stay as they are. */
export async function describeTable(session: Session, table: LocalTable): Promise<LocalTable> {
  if (isText(table)) return table;
  const columns = await structuredColumns(session, table);
  const names = columns.map(({ field }) => field.name);
  const schema = table.resource.schema;
  const fields = schema?.fields ?? columns.map(({ field }) => field);
  return {
    ...table,
    columns: names,
    labels: names,
    resource: { ...table.resource, schema: { ...schema, fields } },
  };
}
