import type { Field } from "../descriptor/types.ts";

/**
 * What a cell looks like. A cell belongs to one class; a column's type follows from the classes that its
 * cells have, so one scan decides, here or in SQL. What belongs to no class is text.
 */
export interface CellClass {
  readonly name: string;
  /** Whole-cell pattern, in the syntax that RE2 and JavaScript share. */
  readonly pattern: string;
  /** A field that must read the cell too, where the pattern lets impossible ones pass (2020-02-30). */
  readonly field?: Field;
}

/** Classes that begin alike. A cell that the guard matches belongs to one of them, or is text. */
export interface ClassFamily {
  readonly name: string;
  readonly guard: string;
  readonly classes: readonly CellClass[];
}

/** A field whose name does not matter. */
export const unnamed = (told: Omit<Field, "name">): Field => ({ name: "", ...told }) as Field; // it has its type
