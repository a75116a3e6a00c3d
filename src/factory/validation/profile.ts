import type { Field, Schema } from "../../descriptor/types.ts";
import { cast, scan } from "../../plan/build.ts";
import type { Engine, FieldStatistics } from "../../plan/engine.ts";
import type { Relation } from "../../plan/relation.ts";
import type { LocalTable } from "../../reading/local-table.ts";
import type { FieldProfile, TableProfile } from "./shapes.ts";

interface Profiling {
  readonly name: string;
  readonly table: LocalTable;
  readonly schema: Schema | undefined;
  readonly engine: Engine;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
}

const at = { step: "1", processor: "profile" } as const;

/** What each field of a table holds, by its declared type or the one that was guessed; bad cells count as empty. */
export async function profileTable(profiling: Profiling): Promise<TableProfile> {
  const { name, engine, temporaryFolder, signal } = profiling;
  const table = await engine.describe(profiling.table);
  const relation = typedRows(table, profiling.schema);
  const found = await engine.statistics(relation, { signal, temporaryFolder });
  return {
    name,
    rows: found.rows,
    fields: relation.schema.fields.flatMap((field) => {
      const statistics = found.fields[field.name];
      return statistics ? [fieldProfile(field, statistics)] : [];
    }),
  };
}

/** The rows of a table as the fields read them; a format that has types of its own keeps them, unless told. */
function typedRows(table: LocalTable, told: Schema | undefined): Relation {
  const schema = told ?? table.resource.schema ?? { fields: [] };
  const fields = fieldsOf(table, schema);
  const resource = { ...table.resource, schema: { ...schema, fields } };
  const raw = scan({ ...table, guessed: [], resource }, at);
  if (table.format === "parquet" && told === undefined) return raw;
  const { missingValues = [""] } = schema;
  return cast(raw, { fields, missingValues, onError: "clear", resource: resource.name }, at);
}

function fieldProfile(
  { name, type = "any" }: Field,
  { quantiles, top, histogram, ...facts }: FieldStatistics,
): FieldProfile {
  return { name, type, ...facts, quantiles: [...quantiles], top: [...top], histogram: [...histogram] };
}

/** A field for each column of the file: of its name, else of its place. */
function fieldsOf({ columns }: LocalTable, schema: Schema): Field[] {
  const byName = new Map(schema.fields.map((field) => [field.name, field]));
  const isByPlace = columns.length === schema.fields.length;
  return columns.map((name, i) => {
    const field = byName.get(name) ?? (isByPlace ? schema.fields[i] : undefined);
    return { ...(field ?? { type: "any" }), name };
  });
}
