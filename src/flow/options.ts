import { z } from "zod";
import type { ErrorPolicy } from "../plan/relation.ts";

/** The option `on_error` of every processor that can meet bad cells. */
export const onError = z
  .custom<ErrorPolicy>(
    (value) =>
      ["fail", "drop", "clear", "keep", "report"].includes(String(value)) || typeof value === "function",
    "one of fail, drop, clear, keep, report",
  )
  .optional()
  .describe(
    "What happens to bad cells: fail, drop (the row), clear (the cell), keep (as text), report (the row goes, the error into `errors`).",
  );

/** An expression, as text. */
export const expression = z.string().min(1);

/** The names of the types of Table Schema. */
export const fieldType = z.enum([
  "string",
  "number",
  "integer",
  "boolean",
  "date",
  "time",
  "datetime",
  "year",
  "yearmonth",
  "duration",
  "list",
  "object",
  "array",
  "geopoint",
  "geojson",
  "any",
]);

/** A function of the user; specs cannot hold one. */
export const rowFunction = z.custom<(row: never) => unknown>(
  (value) => typeof value === "function",
  "a function of a row",
);
