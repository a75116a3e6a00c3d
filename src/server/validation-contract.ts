import { z } from "zod";
import { reportFormNames } from "../checks/report-forms.ts";
import { schedule } from "../factory/model.ts";
import { scheduleSpec } from "../factory/schedule-spec.ts";
import { validationFields } from "../factory/validation/options.ts";
import { listOf, reading, report, runAccepted, runFacts, source, text } from "./contract.ts";

/** Shapes of the calls around validation: what is asked for, reports, and what is done with them. */

/** A value, or its JSON text (as in a form). */
const orJson = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(parsedText, schema);

function parsedText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const name = z.string().min(1).max(200).optional().describe("Of the table; the file's name unless told.");

const {
  schema: _schema,
  dialect: _dialect,
  format: _format,
  encoding: _encoding,
  ...settings
} = validationFields;

const validateFields = {
  name,
  ...reading,
  ...settings,
  header_rows: orJson(settings.header_rows),
  missing_values: orJson(settings.missing_values),
  checks: orJson(settings.checks),
  limit_errors: orJson(settings.limit_errors),
  limit_rows: orJson(settings.limit_rows),
  limit_tables: orJson(settings.limit_tables),
  limit_bytes: orJson(settings.limit_bytes),
  limit_seconds: orJson(settings.limit_seconds),
  profile: orJson(settings.profile),
  skip_unchanged: orJson(settings.skip_unchanged),
  ...runFacts,
};

export const validateRequest = z
  .strictObject({ url: source, ...validateFields })
  .meta({ id: "ValidateRequest" });
/** The fields of a multipart upload; the file comes beside them. */
export const validateForm = z.strictObject(validateFields);
export type ValidateForm = z.output<typeof validateForm>;

export const waitQuery = z.object({
  wait: z.coerce
    .number()
    .min(0)
    .max(600)
    .optional()
    .describe("Seconds to wait for the end: then the answer is 200 with the report."),
});
/** The answer to who waited. */
export const runValidated = runAccepted
  .extend({
    valid: z.boolean().nullable().describe("`null` where the run ended without a report."),
    report: report.nullable(),
  })
  .meta({ id: "RunValidated" });
export type RunValidated = z.output<typeof runValidated>;

/** What a report can be had as. */
export const reportQuery = z.object({
  format: z
    .enum(["json", ...reportFormNames])
    .default("json")
    .describe("Others than JSON come as a file."),
});

export const comparisonQuery = z.object({
  with: text.optional().describe("A run; the last one before over the same data unless told."),
});

const days = z.int().min(1).max(3650).optional().describe("After so many days the link leads nowhere.");
export const shareRequest = z.strictObject({ days }).meta({ id: "ShareRequest" });
export const badgeQuery = z.object({
  style: z.enum(["flat", "flat-square"]).default("flat"),
  label: z.string().min(1).max(60).default("data"),
});

export { schedule };
export const scheduleList = listOf(schedule, "ScheduleList");
export const scheduleRequest = scheduleSpec
  .extend({ dag: text, paused: z.boolean().optional() })
  .meta({ id: "ScheduleRequest" });
export const scheduleQuery = z.object({ dag: text.optional() });

/** An event: our own words, or those of CloudEvents. */
export const eventRequest = z
  .looseObject({
    id: text.optional().describe("The same event sent twice starts its runs once."),
    type: text,
    source: text,
    subject: z.string().max(1000).optional(),
    data: z.unknown().optional(),
    specversion: z.string().optional().describe("`1.0` in CloudEvents."),
  })
  .meta({ id: "EventRequest" });
export const eventAccepted = z
  .object({ runs: z.array(runAccepted).describe("One for each trigger that it fits.") })
  .meta({ id: "EventAccepted" });
