import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { nearestName } from "../../base/nearest-name.ts";
import { checklistOf } from "../../checks/checklist.ts";
import type { ReadingOptions } from "../../reading/options.ts";

const object = z.record(z.string(), z.unknown());
const name = z.string().min(1).max(1000);

/** How a source is read and tested, in the words of the API and of DAG files. */
export const validationFields = {
  schema: object.optional().describe("A Table Schema; else types are found out over the whole file."),
  dialect: object.optional().describe("A Table Dialect; else it is found out."),
  format: name.optional().describe("csv, tsv, json, ndjson, parquet …; else found out."),
  encoding: name.optional(),
  delimiter: name.optional(),
  quote: name.optional(),
  header_rows: z
    .union([z.literal("none"), z.array(z.int().min(1)).min(1)])
    .optional()
    .describe("Records of the header, from 1; `none`: there is none."),
  comment: name.optional().describe("What comment lines begin with."),
  sheet: z
    .union([name, z.int().min(1)])
    .optional()
    .describe("Sheet of a spreadsheet: its name, its number, or a pattern such as `*` for several."),
  range: name.optional().describe("Part of a sheet, such as `A3:F20`."),
  columns: name.optional().describe("Columns of fixed width: `10,5,20`, or `1-10,12-20`."),
  table: z
    .union([name, z.int().min(1)])
    .optional()
    .describe("Table of a page or a database."),
  member: name.optional().describe("File in an archive: its path, or a pattern such as `*.csv`."),
  path: name.optional().describe("Where the rows stand in a JSON or XML document: `result.records`."),
  query: name.optional().describe("Query of a database, in place of a table."),
  types: z.enum(["infer", "none"]).optional(),
  missing_values: z.array(z.string()).optional().describe("Texts that mean no value."),
  checks: object.optional().describe("A checklist: `checks`, `pickErrors`, `skipErrors`."),
  limit_errors: z.int().min(0).max(100_000).optional().describe("Errors listed; all are counted. 1,000."),
  limit_rows: z.int().min(0).optional().describe("Rows of each table that are tested; all unless told."),
  limit_tables: z.int().min(1).optional().describe("Tables of a package that are tested; all unless told."),
  limit_bytes: z.int().min(1).optional().describe("Bytes that the source may have."),
  limit_seconds: z.number().positive().optional().describe("Seconds that the test may take."),
  rows: z
    .enum(["auto", "always", "never"])
    .optional()
    .describe("Write good and bad rows to files of their own; `auto`: of tables up to 100 MB."),
  profile: z
    .boolean()
    .optional()
    .describe("Write what each field holds to `profile.json`; of tables up to 1 GB unless told."),
  skip_unchanged: z
    .boolean()
    .optional()
    .describe("Where the source is as it was at the last run, that run's report stands."),
};

const optionsSchema = z.object(validationFields);

export type ValidationSettings = z.output<typeof optionsSchema>;

/**
 * The settings of a validation: those of the run's conf, else those of the task's config.
 *
 * @throws AirCanError `params-error` naming the setting.
 */
export function readSettings(
  config: Readonly<Record<string, unknown>>,
  conf: Readonly<Record<string, unknown>>,
): ValidationSettings {
  const parsed = optionsSchema.safeParse({ ...config, ...conf });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join(".") ?? "";
  throw new AirCanError("params-error", `The setting "${param}" of a validation: ${issue?.message}.`, {
    where: { param },
  });
}

/**
 * Checks the config of a validation task where its DAG is stored: settings, checklist, and no other words.
 *
 * @throws AirCanError `params-error`, `config-error`.
 */
export function checkSettings(config: Readonly<Record<string, unknown>>): void {
  const { checks } = readSettings(config, {});
  if (checks !== undefined) checklistOf(checks);
  const known = [...Object.keys(validationFields), "source", "secret"];
  const unknown = Object.keys(config).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  throw new AirCanError("params-error", `A validation has no setting "${unknown}".`, {
    hint: nearest ? `Did you mean "${nearest}"?` : `Known are: ${known.join(", ")}.`,
    where: { param: unknown },
  });
}

/** The settings that say how a file is read. */
export function readingOf(settings: ValidationSettings): ReadingOptions {
  const { format, encoding, delimiter, quote, comment, member, path, query, types } = settings;
  const { sheet, range, columns, table } = settings;
  const all = {
    ...{ format, encoding, delimiter, quote, comment, member, path, query, types },
    ...{ sheet, range, columns, table },
    headerRows: settings.header_rows,
    missingValues: settings.missing_values,
  };
  // the properties that are there are those of the options; the others go
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as ReadingOptions;
}
