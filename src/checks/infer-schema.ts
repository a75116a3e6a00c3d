import type { Field } from "../descriptor/types.ts";
import { type ClassCounts, type ClassName, chooseField, type FileHabits } from "../reading/infer.ts";

/** The share of a column's cells that make its type. */
const enough = 0.9;

/**
 * The type that at least nine in ten cells have, as Frictionless infers for validation: the cells of the
 * rarest kinds are left out of account as long as they are no more than a tenth. Leading zeros stay text.
 * `habits` say what other columns show of dates and marks that mean two things.
 */
export function prevailingField(name: string, counts: ClassCounts, habits: FileHabits = {}): Field {
  const kinds = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a) as [ClassName, number][]; // the keys of the counts are classes
  const all = kinds.reduce((sum, [, count]) => sum + count, 0);
  for (let kept = kinds.length; kept > 0; kept--) {
    const rest = kinds.slice(0, kept);
    if (rest.reduce((sum, [, count]) => sum + count, 0) < enough * all) break;
    const { field } = chooseField(Object.fromEntries(rest), habits);
    if (field.type === "integer" && (counts["zero-led"] ?? 0) > 0) break;
    if (field.type !== "string") return { ...field, name } as Field; // the choice is a field without its name
  }
  return { name, type: "string" };
}

/** True if cells speak against the field, so that each must be looked at. */
export function isDoubted({ type }: Field, counts: ClassCounts): boolean {
  return type !== "string" && chooseField(counts).field.type === "string";
}
