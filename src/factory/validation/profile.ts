import type { Field, Schema } from "../../descriptor/types.ts";
import { cast, scan } from "../../plan/build.ts";
import type { Engine } from "../../plan/engine.ts";
import type { LocalTable } from "../../reading/local-table.ts";
import type { TableProfile } from "./shapes.ts";

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
  const schema = profiling.schema ?? table.resource.schema ?? { fields: [] };
  const fields = fieldsOf(table, schema);
  const raw = scan(
    { ...table, guessed: [], resource: { ...table.resource, schema: { ...schema, fields } } },
    at,
  );
  const isTyped = table.format === "parquet" && profiling.schema === undefined;
  const relation = isTyped
    ? raw
    : cast(
        raw,
        {
          fields,
          missingValues: schema.missingValues ?? [""],
          onError: "clear",
          resource: table.resource.name,
        },
        at,
      );
  const found = await engine.statistics(relation, { signal, temporaryFolder });
  return {
    name,
    rows: found.rows,
    fields: relation.schema.fields.flatMap(({ name, type }) => {
      const field = found.fields[name];
      if (field === undefined) return [];
      const { quantiles, top, histogram, ...facts } = field;
      return [
        {
          name,
          type: type ?? "any",
          ...facts,
          quantiles: [...quantiles],
          top: [...top],
          histogram: [...histogram],
        },
      ];
    }),
  };
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
