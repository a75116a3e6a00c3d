import { z } from "zod";
import { normaliseResource, normaliseSchema } from "../descriptor/normalise.ts";
import type { Guess, Resource, Schema } from "../descriptor/types.ts";
import { defineProcessor, type PlanContext } from "../flow/define.ts";
import { onError } from "../flow/options.ts";
import { settledKey } from "../flow/planning.ts";
import { addResource } from "../flow/selector.ts";
import { cast, limit, scan } from "../plan/build.ts";
import type { SettledField } from "../plan/engine.ts";
import type { PackagePlan } from "../plan/package-plan.ts";
import type { Relation } from "../plan/relation.ts";
import { describeTables } from "../reading/describe-tables.ts";
import type { LocalTable } from "../reading/local-table.ts";
import type { ReadingContext, ReadingOptions } from "../reading/options.ts";
import { refuseSchema } from "../reading/schema-problems.ts";
import { typeGuess } from "../reading/text-schema.ts";

const object = z.record(z.string(), z.unknown());

/** Reads a file, a URL, standard input or a data package; cells are typed. */
export const load = defineProcessor({
  name: "load",
  title: "Load",
  summary:
    "Reads a file, URL, standard input (`-`) or data package; encoding, dialect and types are found out unless told.",
  category: "source",
  safe: true,
  arguments: ["from"],
  objects: ["from"],
  config: z.strictObject({
    from: z
      .union([z.string().min(1), object])
      .describe("Path, URL, `-`, path of a datapackage.json, `datastore://name`, or a resource descriptor."),
    name: z.string().min(1).optional().describe("Name of the resource; that of the file unless told."),
    format: z.string().optional().describe("csv, tsv, json, ndjson or parquet; found out unless told."),
    encoding: z.string().optional().describe("Such as utf-8 or windows-1252."),
    delimiter: z.string().length(1).optional().describe("What stands between cells."),
    quote: z.string().length(1).optional().describe("What stands around a cell that holds the delimiter."),
    header_rows: z
      .union([z.literal("none"), z.array(z.int().min(1)).readonly()])
      .optional()
      .describe("Numbers of the header's records, or `none`."),
    comment: z.string().length(1).optional().describe("What a comment line begins with."),
    sheet: z
      .union([z.string().min(1), z.int().min(1)])
      .optional()
      .describe("Sheet of a spreadsheet: its name, its number, or a pattern such as `*` for several."),
    range: z.string().min(1).optional().describe("Part of a sheet, such as `A3:F20`."),
    columns: z
      .string()
      .min(1)
      .optional()
      .describe("Columns of fixed width: widths such as `10,5,20`, or places such as `1-10,12-20`."),
    table: z
      .union([z.string().min(1), z.int().min(1)])
      .optional()
      .describe("Table of a page or a database: its name, its number, or a pattern."),
    member: z
      .string()
      .min(1)
      .optional()
      .describe("File in an archive: its path, or a pattern such as `*.csv`."),
    path: z
      .string()
      .min(1)
      .optional()
      .describe("Where the rows stand in JSON or XML, such as `result.records` or `catalog/book`."),
    query: z.string().min(1).optional().describe("Query of a database, in place of a table."),
    secret: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Token for a web server, `Header: value`, or `secret://name`; sent to the source's own host.",
      ),
    types: z
      .enum(["infer", "none"])
      .optional()
      .describe("`none`: every field is text and an empty cell the empty text."),
    missing_values: z
      .array(z.string())
      .readonly()
      .optional()
      .describe("Texts that mean no value; the empty text unless told."),
    schema: object.optional().describe("A Table Schema; else types are found out over the whole file."),
    limit_rows: z.int().min(0).optional().describe("Only the first rows."),
    on_error: onError,
  }),
  examples: [],
  plan: async (input, config, context) => {
    const { properties, tables } = await describeTables(
      sourceOf(config),
      describeOptions(config),
      readingContext(context, config),
    );
    let plan: PackagePlan = { ...input, properties: { ...input.properties, ...properties } };
    for (const table of tables) plan = addResource(plan, await plannedTable(table, config, context));
    return plan;
  },
});

type LoadConfig = z.output<typeof load.config>;

function sourceOf({ from }: { from: string | Record<string, unknown> }): string | Resource {
  if (typeof from === "string") return from;
  if (from.schema !== undefined) refuseSchema(from.schema, "The schema of the source");
  return normaliseResource(from);
}

interface LoadOptions {
  readonly name?: string | undefined;
  readonly format?: string | undefined;
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly header_rows?: "none" | readonly number[] | undefined;
  readonly comment?: string | undefined;
  readonly sheet?: string | number | undefined;
  readonly range?: string | undefined;
  readonly columns?: string | undefined;
  readonly table?: string | number | undefined;
  readonly member?: string | undefined;
  readonly path?: string | undefined;
  readonly query?: string | undefined;
  readonly secret?: string | undefined;
  readonly types?: "infer" | "none" | undefined;
  readonly missing_values?: readonly string[] | undefined;
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
}

function describeOptions(
  config: LoadOptions,
): ReadingOptions & { name?: string; resource?: Partial<Resource> } {
  const { header_rows, missing_values, schema, ...named } = config;
  if (schema) refuseSchema(schema, "The schema");
  const { name, format, encoding, delimiter, quote, comment, sheet, range, columns, table, types } = named;
  const { member, path, query, secret } = named;
  const options = {
    ...{ name, format, encoding, delimiter, quote, comment, sheet, range, columns, table, types },
    ...{ member, path, query, secret },
    headerRows: header_rows,
    missingValues: missing_values,
    resource: schema ? { schema: normaliseSchema(schema) } : undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Where a flow reads. What a resource in the flow may name follows from whether the flow is trusted. */
function readingContext(context: PlanContext, { from, limit_rows }: LoadConfig): ReadingContext {
  const { folder, trusted, allowPrivate, temporaryFolder, signal } = context;
  const isFile = typeof from === "string";
  return {
    folder,
    trusted: isFile ? (context.trustDescriptors ?? false) : trusted,
    allowPrivate,
    allowLocal: context.allowLocal ?? trusted,
    isServer: !trusted,
    temporaryFolder,
    firstRows: (limit_rows ?? context.limitRows) !== undefined,
    signal,
    ...(context.datastore ? { datastore: context.datastore } : {}),
    ...(context.secret ? { secret: context.secret } : {}),
    ...context.fetching,
  };
}

async function plannedTable(
  found: LocalTable,
  config: Pick<LoadConfig, "limit_rows" | "on_error">,
  context: PlanContext,
) {
  const table = found.format === "csv" ? found : await context.engine.describe(found);
  const settled = context.settled.get(settledKey(context.at.step, table.resource.name));
  const schema = withSettled(table.resource.schema ?? { fields: [] }, settled);
  const raw = scan({ ...table, resource: { ...table.resource, schema } }, context.at);
  const typed: Relation =
    table.format === "parquet"
      ? raw
      : cast(
          raw,
          {
            fields: schema.fields,
            missingValues: schema.missingValues ?? [""],
            guessed: settled ? [] : table.guessed,
            onError: config.on_error ?? context.onError,
            resource: table.resource.name,
          },
          context.at,
        );
  const count = config.limit_rows ?? context.limitRows;
  const relation = count === undefined ? typed : limit(typed, count, context.at);
  return { descriptor: { ...withReasons(table.resource, settled), schema: relation.schema }, relation };
}

/** A resource whose guesses of types say what the whole file showed. */
function withReasons(resource: Resource, settled: readonly SettledField[] | undefined): Resource {
  if (settled === undefined) return resource;
  const known = new Map(settled.map((each) => [`schema.fields.${each.field.name}.type`, each]));
  const guesses = resource.aircan?.guesses?.map((guess): Guess => {
    const found = known.get(guess.property);
    return found ? typeGuess(found.field.name, found) : guess;
  });
  return { ...resource, aircan: { ...resource.aircan, ...(guesses ? { guesses } : {}) } };
}

/** The guessed fields that the whole file spoke against, as they were found then. */
function withSettled(schema: Schema, settled: readonly SettledField[] | undefined): Schema {
  if (settled === undefined) return schema;
  const known = new Map(settled.map(({ field }) => [field.name, field]));
  return { ...schema, fields: schema.fields.map((field) => known.get(field.name) ?? field) };
}
