import { AirCanError } from "../base/errors.ts";
import type { Field, Guess, Resource, Schema, TypeCandidate } from "../descriptor/types.ts";
import { type ClassCounts, chooseFields, type FieldChoice } from "./infer.ts";
import { cellClass } from "./infer-classes.ts";
import type { ReadingOptions } from "./options.ts";
import type { Sniffed } from "./sniff.ts";
import { suggestBoolean, suggestKey, suggestMissingValues } from "./suggest.ts";

export interface SchemaSource {
  readonly columns: readonly string[];
  readonly sniffed: Sniffed;
  readonly further: readonly (readonly string[])[];
  /** True if the records are all that the file has. */
  readonly isWhole: boolean;
  readonly options: ReadingOptions & { readonly resource?: Partial<Resource> };
}

/** The schema of a text file: declared, or guessed from the samples; what was guessed, and how sure that is. */
export function schemaOf({ columns, sniffed, further, options, isWhole }: SchemaSource): {
  schema: Schema;
  guesses: Guess[];
  guessed: string[];
  /** What people may want to add to the descriptor. */
  suggestions: Guess[];
} {
  const declared = options.resource?.schema;
  if (declared)
    return {
      schema: { missingValues: [""], ...declared, fields: matchFields(declared, columns, sniffed.labels) },
      guesses: [],
      guessed: [],
      suggestions: [],
    };
  if (options.types === "none")
    return {
      schema: { fields: columns.map((name) => ({ name, type: "string" })), missingValues: [] },
      guesses: [],
      guessed: [],
      suggestions: [],
    };
  const missingValues = options.missingValues ?? textsOf(options.resource?.missingValues) ?? [""];
  const records = [...sniffed.records, ...further].filter((cells) => cells.length === sniffed.width);
  const counts = columns.map((_, i) => countsOf(records, i, missingValues));
  const choices = chooseFields(counts);
  return {
    // a choice is a field without its name
    schema: {
      fields: choices.map(({ field }, i) => ({ name: columns[i], ...field }) as Field),
      missingValues,
    },
    guesses: choices.map((choice, i) => typeGuess(columns[i] ?? "", choice)),
    guessed: columns.slice(),
    suggestions: suggestionsOf({ columns, records, counts, choices, missingValues, isWhole }),
  };
}

/** The declared fields in the order of the file's columns, by name; by place where columns have no name of their own. */
function matchFields(schema: Schema, columns: readonly string[], labels: readonly string[]): Field[] {
  const { fields } = schema;
  const known = new Map(fields.map((field) => [field.name, field]));
  const missing = fields.find(({ name }) => !columns.includes(name));
  const extra = columns.find((name) => !known.has(name));
  const isByPlace =
    fields.length === columns.length && (missing ?? extra) !== undefined && !mayDiffer(schema);
  if (isByPlace) return fieldsByPlace(fields, columns, labels);
  if (missing && !mayDiffer(schema, "superset"))
    throw new AirCanError(
      "missing-label",
      `The schema has a field "${missing.name}", but the file's columns are: ${columns.join(", ")}.`,
      { where: { field: missing.name } },
    );
  if (extra !== undefined && !mayDiffer(schema, "subset"))
    throw new AirCanError(
      "extra-label",
      `The file has a column "${extra}", but the schema's fields are: ${fields.map(({ name }) => name).join(", ")}.`,
      { where: { field: extra } },
    );
  return columns.map((name) => known.get(name) ?? { name, type: "any" });
}

/** Whether the file may lack fields (`superset`) or have more columns (`subset`): Table Schema's `fieldsMatch`. */
function mayDiffer({ fieldsMatch }: Schema, how?: "subset" | "superset"): boolean {
  if (how === undefined) return fieldsMatch !== undefined && fieldsMatch !== "exact";
  return fieldsMatch === how || fieldsMatch === "partial";
}

/** @throws AirCanError `incorrect-label` for a column with a name of its own that is not the field's. */
function fieldsByPlace(
  fields: readonly Field[],
  columns: readonly string[],
  labels: readonly string[],
): Field[] {
  const wrong = fields.findIndex(({ name }, i) => {
    const label = labels[i]?.trim() ?? "";
    return label !== "" && columns[i] === label && label !== name;
  });
  const name = fields[wrong]?.name;
  if (name === undefined) return fields.slice();
  throw new AirCanError(
    "incorrect-label",
    `Column ${wrong + 1} is named "${columns[wrong]}", where the schema has the field "${name}".`,
    { where: { field: name } },
  );
}

/** A choice as a guess about a field, with the other types that it may have. */
export function typeGuess(
  name: string,
  { field, confidence, reason, candidates }: Omit<FieldChoice, "field"> & { field: { type?: unknown } },
): Guess {
  return {
    property: `schema.fields.${name}.type`,
    value: field.type,
    confidence,
    reason,
    ...(candidates.length === 0
      ? {}
      : { candidates: candidates.map(({ field, ...rest }) => ({ ...field, ...rest }) as TypeCandidate) }), // it has its type
  };
}

/** The missing values of a resource without a schema. */
const textsOf = (values: unknown) => (Array.isArray(values) ? values.map(String) : undefined);

interface Sampled extends Pick<SchemaSource, "columns" | "isWhole"> {
  readonly records: readonly (readonly string[])[];
  readonly counts: readonly ClassCounts[];
  readonly choices: readonly FieldChoice[];
  readonly missingValues: readonly string[];
}

function suggestionsOf({ columns, records, counts, choices, missingValues, isWhole }: Sampled): Guess[] {
  const words = columns.map((name, i) => suggestMissingValues(name, counts[i] ?? {}, missingValues));
  const keyColumns = columns.map((name, i) => ({
    name,
    type: String(choices[i]?.field.type),
    cells: records.map((cells) => cells[i] ?? ""),
  }));
  const booleans = keyColumns.map(suggestBoolean);
  return [suggestKey(keyColumns, isWhole), ...words, ...booleans].filter((each) => each !== undefined);
}

function countsOf(
  records: readonly (readonly string[])[],
  column: number,
  missingValues: readonly string[],
): ClassCounts {
  const counts: ClassCounts = {};
  for (const cells of records) {
    const cell = cells[column] ?? "";
    if (cell === "" || missingValues.includes(cell)) continue;
    const name = cellClass(cell);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
