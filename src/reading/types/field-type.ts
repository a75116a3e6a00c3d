import type { Field, FieldType } from "../../descriptor/types.ts";

/**
 * One type of Table Schema, as text. The same pattern is tested by DuckDB on the fast path (RE2) and here,
 * so it uses only the syntax that both share: no look-around, no back-references, no `\d` for other digits.
 */
export interface FieldTypeDefinition {
  readonly name: FieldType;
  /** Whole-cell regular expression for the field's options (format, decimalChar …); null: every text. */
  readonly pattern: (field: Field) => string | null;
  /** The cell's value as JavaScript sees it; undefined if the text is not of this type (2020-02-30). */
  readonly parse: (text: string, field: Field) => unknown;
  /** Whether a text that has the pattern can be parsed, where that is known without the value. */
  readonly isReal?: (text: string, field: Field) => boolean;
  /** What a good cell looks like, for messages: `a date such as 2026-01-31`. */
  readonly expected: (field: Field) => string;
}
