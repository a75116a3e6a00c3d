import { z } from "zod";
import { validationFields } from "../factory/validation/options.ts";
import { reading, runFacts, source } from "./contract.ts";

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
