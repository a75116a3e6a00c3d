import { z } from "zod";

/** How a field's values fall into classes, the last of which is that of no value; for the next run. */
export const distributionSchema = z.object({
  classes: z.union([z.object({ edges: z.array(z.number()) }), z.object({ values: z.array(z.string()) })]),
  shares: z.array(z.number()),
});

/**
 * The validation report: the shape of Frictionless v5, with AirCan's additions (`severity`, `line`,
 * `byteOffset`, `constraint`, `expected`, `pointer`, `stats.errorCounts`). Rows count records of the source
 * from 1, header, comments and blank ones included; fields count from 1; counts are always there.
 */
export const reportErrorSchema = z.object({
  /** A code of the catalogue, such as `type-error`. */
  type: z.string(),
  title: z.string(),
  description: z.string(),
  message: z.string(),
  tags: z.array(z.string()),
  note: z.string(),
  severity: z.enum(["error", "warning", "info"]),
  /** The header's cells, in errors about labels. */
  labels: z.array(z.string()).optional(),
  label: z.string().optional(),
  rowNumbers: z.array(z.int()).optional(),
  /** The record's cells, in errors about rows and cells. */
  cells: z.array(z.string()).optional(),
  cell: z.string().optional(),
  rowNumber: z.int().optional(),
  fieldName: z.string().optional(),
  fieldNumber: z.int().optional(),
  /** Physical line from 1, and byte of the record's start from 0, in the decompressed source as UTF-8. */
  line: z.int().optional(),
  byteOffset: z.int().optional(),
  constraint: z.string().optional(),
  expected: z.string().optional(),
  /** The fields of a key, and their places from 1. */
  fieldNames: z.array(z.string()).optional(),
  fieldNumbers: z.array(z.int()).optional(),
  /** The referring cells, and what they refer to, in errors about foreign keys. */
  fieldCells: z.array(z.string()).optional(),
  referenceName: z.string().optional(),
  referenceFieldNames: z.array(z.string()).optional(),
  /** JSON pointer into the descriptor, in errors about metadata. */
  pointer: z.string().optional(),
  /** Of what the pointer leads to, in its `line` of the descriptor, from 1. */
  column: z.int().optional(),
  /** The descriptor or file that a metadata error is about. */
  place: z.string().optional(),
});

/** One cause behind errors of a task, and what mends them together. */
export const adviceSchema = z.object({
  /** What seems to have happened: one or two sentences. Code stands between backticks. */
  cause: z.string(),
  /** What to do: imperative sentences. */
  fix: z.string(),
  /** How many errors it explains. */
  explains: z.int(),
});

export const reportTaskSchema = z.object({
  name: z.string(),
  type: z.string(),
  valid: z.boolean(),
  place: z.string(),
  /** Where a relative place belongs, if that is not where the validation was called: a package's folder. */
  folder: z.string().optional(),
  labels: z.array(z.string()),
  stats: z.object({
    errors: z.int(),
    warnings: z.int(),
    seconds: z.number(),
    bytes: z.int(),
    fields: z.int(),
    rows: z.int(),
    md5: z.string().optional(),
    sha256: z.string().optional(),
    /** All errors of each type, also those past the limit that are not listed. */
    errorCounts: z.record(z.string(), z.int()),
    /** The same of findings that are warnings only. */
    warningCounts: z.record(z.string(), z.int()).optional(),
    distributions: z.record(z.string(), distributionSchema).optional(),
  }),
  warnings: z.array(z.string()),
  errors: z.array(reportErrorSchema),
  /** What to do first; in reports that are sent, not in those that are kept. */
  advice: z.array(adviceSchema).optional(),
});

export const reportSchema = z.object({
  valid: z.boolean(),
  stats: z.object({
    tasks: z.int(),
    errors: z.int(),
    warnings: z.int(),
    seconds: z.number(),
  }),
  warnings: z.array(z.string()),
  /** Metadata errors that belong to no single task. */
  errors: z.array(reportErrorSchema),
  tasks: z.array(reportTaskSchema),
});

export type Advice = z.infer<typeof adviceSchema>;
export type Distribution = z.infer<typeof distributionSchema>;
export type ReportError = z.infer<typeof reportErrorSchema>;
export type ReportTask = z.infer<typeof reportTaskSchema>;
export type Report = z.infer<typeof reportSchema>;
