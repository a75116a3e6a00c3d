import { AirCanError } from "../base/errors.ts";
import type { Field, Guess, Resource, Schema } from "../descriptor/types.ts";
import { type ClassCounts, chooseField, classify } from "./infer.ts";
import type { ReadingOptions } from "./options.ts";
import type { Sniffed } from "./sniff.ts";

export interface SchemaSource {
  readonly columns: readonly string[];
  readonly sniffed: Sniffed;
  readonly further: readonly (readonly string[])[];
  readonly options: ReadingOptions & { readonly resource?: Partial<Resource> };
}

/** The schema of a text file: declared, or guessed from the samples; what was guessed, and how sure that is. */
export function schemaOf({ columns, sniffed, further, options }: SchemaSource): {
  schema: Schema;
  guesses: Guess[];
  guessed: string[];
} {
  const declared = options.resource?.schema;
  if (declared)
    return {
      schema: { missingValues: [""], ...declared, fields: matchFields(declared.fields, columns) },
      guesses: [],
      guessed: [],
    };
  if (options.types === "none")
    return {
      schema: { fields: columns.map((name) => ({ name, type: "string" })), missingValues: [] },
      guesses: [],
      guessed: [],
    };
  const missingValues = options.missingValues ?? [""];
  const records = [...sniffed.records, ...further].filter((cells) => cells.length === sniffed.width);
  const choices = columns.map((name, i) => ({ name, ...guessField(records, i, missingValues) }));
  return {
    schema: { fields: choices.map(({ name, field }): Field => ({ name, ...field }) as Field), missingValues },
    guesses: choices.map(({ name, field, reason, confidence }) => ({
      property: `schema.fields.${name}.type`,
      value: field.type,
      confidence,
      reason,
    })),
    guessed: columns.slice(),
  };
}

/** The declared fields in the order of the file's columns: by place if there are as many, else by name. */
function matchFields(fields: readonly Field[], columns: readonly string[]): Field[] {
  if (fields.length === columns.length) return fields.slice();
  const missing = fields.find(({ name }) => !columns.includes(name));
  const known = new Map(fields.map((field) => [field.name, field]));
  const extra = columns.find((name) => !known.has(name));
  if (missing)
    throw new AirCanError(
      "missing-label",
      `The schema has a field "${missing.name}", but the file's columns are: ${columns.join(", ")}.`,
      { where: { field: missing.name } },
    );
  if (extra)
    throw new AirCanError(
      "extra-label",
      `The file has a column "${extra}", but the schema's fields are: ${fields.map(({ name }) => name).join(", ")}.`,
      { where: { field: extra } },
    );
  return columns.flatMap((name) => known.get(name) ?? []);
}

function guessField(
  records: readonly (readonly string[])[],
  column: number,
  missingValues: readonly string[],
) {
  const counts: ClassCounts = {};
  for (const cells of records) {
    const cell = cells[column] ?? "";
    if (cell === "" || missingValues.includes(cell)) continue;
    const name = classify(cell.trim());
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const cells = Object.values(counts).reduce((a, b) => a + b, 0);
  return {
    ...chooseField(counts),
    confidence: cells === 0 ? 0 : Math.round((1 - 1 / (cells + 1)) * 100) / 100,
  };
}
