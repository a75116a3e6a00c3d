import { baselineChecks } from "./baseline.ts";
import type { CheckDefinition } from "./definition.ts";
import { type Level, tagsOfLevel } from "./levels.ts";
import { asciiValue } from "./optional/ascii-value.ts";
import { deviatedCell } from "./optional/deviated-cell.ts";
import { deviatedValue } from "./optional/deviated-value.ts";
import { distributionDrift } from "./optional/distribution-drift.ts";
import { duplicateRow } from "./optional/duplicate-row.ts";
import { fieldComparison } from "./optional/field-comparison.ts";
import { forbiddenValue } from "./optional/forbidden-value.ts";
import { freshness } from "./optional/freshness.ts";
import { requiredValue } from "./optional/required-value.ts";
import { rowConstraint } from "./optional/row-constraint.ts";
import { rowCountChange } from "./optional/row-count-change.ts";
import { sequentialValue } from "./optional/sequential-value.ts";
import { sql } from "./optional/sql.ts";
import { tableDimensions } from "./optional/table-dimensions.ts";
import { truncatedValue } from "./optional/truncated-value.ts";

/** The checks that a checklist may ask for, by name. */
export const optionalChecks: Readonly<Record<string, CheckDefinition>> = Object.fromEntries(
  [
    tableDimensions,
    duplicateRow,
    deviatedValue,
    deviatedCell,
    truncatedValue,
    forbiddenValue,
    requiredValue,
    sequentialValue,
    asciiValue,
    rowConstraint,
    fieldComparison,
    sql,
    freshness,
    rowCountChange,
    distributionDrift,
  ].map((definition) => [definition.name, definition]),
);

const levels: Readonly<Record<string, Level>> = {
  ...baselineChecks,
  ...Object.fromEntries(Object.values(optionalChecks).map(({ name, level }) => [name, level])),
  "custom-check": "table",
};

/** The types of errors that data can have, in the order in which they are looked for. */
export const checkedTypes: readonly string[] = Object.keys(levels);

/** The tags of a type of error, such as `#row`. */
export function tagsOf(type: string): readonly string[] {
  return tagsOfLevel[levels[type] ?? "none"];
}
