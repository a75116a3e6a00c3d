import type { ErrorCode } from "../base/catalogue.ts";
import type { Level } from "./levels.ts";

/** The checks that are always made, in the order in which they are made, and what their findings stand on. */
export const baselineChecks: Partial<Readonly<Record<ErrorCode, Level>>> = {
  "byte-count": "file",
  "hash-count": "file",
  "field-count": "table",
  "row-count": "table",
  "blank-label": "label",
  "duplicate-label": "label",
  "unmatched-header": "header",
  "extra-label": "label",
  "missing-label": "label",
  "incorrect-label": "label",
  "blank-row": "row",
  "unclosed-quote": "row",
  "stray-quote": "row",
  "null-byte": "row",
  "oversized-row": "row",
  "extra-cell": "cell",
  "missing-cell": "cell",
  "type-error": "cell",
  "category-error": "cell",
  "constraint-error": "cell",
  "unique-error": "cell",
  "primary-key": "row",
  "unique-key": "row",
  "foreign-key": "row",
};
