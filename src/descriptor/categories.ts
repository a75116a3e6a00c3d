import { isJsonObject } from "./problem.ts";
import type { Field } from "./types.ts";

/** One of the values that a field may have: Table Schema v2's `categories`. */
export interface Category {
  readonly value: string | number;
  readonly label?: string;
}

/**
 * The categories of a field, in their order; undefined if it has none. A value that is none of them is a
 * `category-error`. They are logical values of the field, told as JSON or as a text that the field reads.
 */
export function categoriesOf({ categories }: Field): readonly Category[] | undefined {
  if (!Array.isArray(categories) || categories.length === 0) return undefined;
  return categories.flatMap((each: unknown): Category[] => {
    const { value, label } = isJsonObject(each) ? each : { value: each, label: undefined };
    if (typeof value !== "string" && typeof value !== "number") return [];
    return [{ value, ...(typeof label === "string" ? { label } : {}) }];
  });
}

/** Whether the order of a field's categories means something. */
export const areOrdered = ({ categoriesOrdered }: Field): boolean => categoriesOrdered === true;
