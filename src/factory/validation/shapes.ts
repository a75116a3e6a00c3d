import { z } from "zod";
import { reportErrorSchema } from "../../checks/report.ts";

/** The shapes of what stands beside a report. */

const valueCount = z.object({ value: z.string(), count: z.int() });
const bin = z.object({ from: z.string(), to: z.string(), count: z.int() });

const fieldProfile = z.object({
  name: z.string(),
  type: z.string(),
  count: z.int().describe("Cells with a value of the type."),
  nulls: z.int().describe("Cells without: empty ones, and those that the type does not fit."),
  distinct: z.int(),
  distinctIs: z.enum(["exact", "estimated"]),
  quantilesAre: z.enum(["exact", "estimated"]),
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

const change = z.enum(["new", "remaining"]);

const taskComparison = z.object({
  name: z.string(),
  errors: z.array(change).describe("Of each error that the task lists, in its order."),
  fixed: z.array(reportErrorSchema).describe("Errors of the report before that are gone."),
});

/** What has changed from one report to the next over the same data. */
export const comparisonSchema = z.object({
  new: z.int(),
  remaining: z.int(),
  fixed: z.int(),
  isComplete: z.boolean().describe("False if one of the reports lists only the first of its errors."),
  counts: z
    .array(z.object({ type: z.string(), before: z.int(), now: z.int() }))
    .describe("All errors of each type, also those that are not listed."),
  tasks: z.array(taskComparison).describe("In the order of the report's tasks."),
});
export type Comparison = z.output<typeof comparisonSchema>;
export type Change = z.output<typeof change>;
