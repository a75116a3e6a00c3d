import { z } from "zod";
import type { Field, Schema } from "../../descriptor/types.ts";
import { cast, scan } from "../../plan/build.ts";
import type { Engine } from "../../plan/engine.ts";
import type { LocalTable } from "../../reading/local-table.ts";

const valueCount = z.object({ value: z.string(), count: z.int() });
const bin = z.object({ from: z.string(), to: z.string(), count: z.int() });

const fieldProfile = z.object({
  name: z.string(),
  type: z.string(),
  count: z.int().describe("Cells with a value of the type."),
  nulls: z.int().describe("Cells without: empty ones, and those that the type does not fit."),
  distinct: z.int(),
  distinctIs: z.enum(["exact", "estimated"]),
  min: z.string().nullable(),
  max: z.string().nullable(),
  mean: z.number().nullable(),
  deviation: z.number().nullable(),
  quantiles: z.array(z.object({ share: z.number(), value: z.string() })),
  top: z.array(valueCount),
  histogram: z.array(bin),
});

const tableProfile = z.object({ name: z.string(), rows: z.int(), fields: z.array(fieldProfile) });

/** What the tables of a source hold: `profile.json` beside a report. */
export const profileSchema = z.object({ tables: z.array(tableProfile) });
export type Profile = z.output<typeof profileSchema>;
export type TableProfile = z.output<typeof tableProfile>;
export type FieldProfile = z.output<typeof fieldProfile>;

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
