import { AirCanError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { Field, Schema } from "../descriptor/types.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { type Expression, field as fieldExpression, fieldsOf } from "./expression.ts";
import { printExpression } from "./print-expression.ts";
import type {
  CastRelation,
  CheckRelation,
  DistinctRelation,
  ErrorPolicy,
  FilterRelation,
  LimitRelation,
  MapRelation,
  ProjectRelation,
  Relation,
  RowsRelation,
  ScanRelation,
  SortRelation,
  StepReference,
  TransformRelation,
} from "./relation.ts";
import { type ExpressionType, typeOf } from "./typecheck.ts";

export { nearestName } from "../base/nearest-name.ts";

/** @throws AirCanError `unknown-field` naming the known fields and the nearest one. */
export function requireFields(schema: Schema, names: readonly string[], at: StepReference): void {
  const known = schema.fields.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  throw new AirCanError(
    "unknown-field",
    `${at.processor} names the field "${unknown}", but the fields here are: ${known.join(", ") || "none"}.`,
    {
      ...(nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` }),
      where: { step: at.step, processor: at.processor, field: unknown },
    },
  );
}

/** @throws AirCanError `unknown-field`, `expression-error` naming the step. */
function typeAt(value: Expression, schema: Schema, at: StepReference): ExpressionType {
  requireFields(schema, fieldsOf(value), at);
  try {
    return typeOf(value, schema);
  } catch (error) {
    throw error instanceof AirCanError ? error.at({ step: at.step, processor: at.processor }) : error;
  }
}

/** Rows for which the expression is true. */
export function filter(input: Relation, where: Expression, at: StepReference): FilterRelation {
  const type = typeAt(where, input.schema, at);
  if (type !== "boolean" && type !== "null")
    throw new AirCanError(
      "expression-error",
      `${at.processor} needs a condition, but \`${printExpression(where)}\` is ${type}.`,
      { hint: "Compare it with something.", where: { step: at.step, processor: at.processor } },
    );
  return { kind: "filter", input, where, schema: input.schema, at };
}

/** Rows in the order of the keys; rows with equal keys keep their order. */
export function sort(input: Relation, keys: SortRelation["keys"], at: StepReference): SortRelation {
  for (const { value } of keys) typeAt(value, input.schema, at);
  return { kind: "sort", input, keys, schema: input.schema, at };
}

/** The first row of each key. */
export function distinct(input: Relation, keys: readonly string[], at: StepReference): DistinctRelation {
  requireFields(input.schema, keys, at);
  return { kind: "distinct", input, keys, schema: input.schema, at };
}

/** The first `count` rows. */
export function limit(input: Relation, count: number, at: StepReference): LimitRelation {
  return { kind: "limit", input, count, schema: input.schema, at };
}

/** One column of a projection: the field it gives, and its value (the field of that name unless told). */
export interface Column {
  readonly field: Field;
  readonly value?: Expression;
}

/** The given columns, in their order. Keys of the schema whose fields are gone, or were renamed, follow. */
export function project(input: Relation, columns: readonly Column[], at: StepReference): ProjectRelation {
  const values = columns.map(({ field, value }) => ({
    name: field.name,
    value: value ?? fieldExpression(field.name),
  }));
  for (const { value } of values) typeAt(value, input.schema, at);
  refuseDuplicates(
    values.map(({ name }) => name),
    at,
  );
  const renamed = new Map(
    values.flatMap(({ name, value }) => (value.kind === "field" ? [[value.name, name] as const] : [])),
  );
  return {
    kind: "project",
    input,
    columns: values,
    schema: withFields(
      input.schema,
      columns.map(({ field }) => field),
      renamed,
    ),
    at,
  };
}

function refuseDuplicates(names: readonly string[], at: StepReference): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new AirCanError("config-error", `${at.processor} would give two fields named "${twice}".`, {
    hint: "Choose another name, or delete one of the fields first.",
    where: { step: at.step, processor: at.processor, field: twice },
  });
}

function withFields(schema: Schema, fields: readonly Field[], renamed: ReadonlyMap<string, string>): Schema {
  const { primaryKey, ...rest } = schema;
  const key = primaryKey?.map((name) => renamed.get(name));
  const kept = key?.every((name): name is string => name !== undefined) ? key : undefined;
  return { ...rest, fields, ...(kept ? { primaryKey: kept } : {}) };
}

export interface CastOptions {
  readonly fields: readonly Field[];
  readonly missingValues: readonly string[];
  readonly guessed?: readonly string[];
  readonly onError: ErrorPolicy;
  readonly resource: string;
}

/**
 * Values as the given fields, which replace those of the same name. A cast straight above another becomes
 * one with it where that changes no error, so that the original text is read once, as its last type.
 */
export function cast(input: Relation, options: CastOptions, at: StepReference): CastRelation {
  requireFields(
    input.schema,
    options.fields.map(({ name }) => name),
    at,
  );
  const changed = new Map(options.fields.map((field) => [field.name, field]));
  const fields = input.schema.fields.map((field) => withZone(changed.get(field.name) ?? field, field));
  const schema = { ...input.schema, fields };
  if (input.kind !== "cast" || !mayMerge(input, options)) {
    const own = fields.filter(({ name }) => changed.has(name));
    return { kind: "cast", input, guessed: [], guessedAt: at, ...options, fields: own, schema, at };
  }
  const own = fields.filter(
    ({ name }) => changed.has(name) || input.fields.some((field) => field.name === name),
  );
  const guessed = input.guessed.filter((name) => !changed.has(name));
  return { ...input, fields: own, guessed, onError: options.onError, schema, at };
}

/** A declared datetime that does not say whether it has a zone takes what its cells showed. */
function withZone(field: Field, before: Field): Field {
  return field.type === "datetime" && before.type === "datetime" && field.zoned === undefined
    ? { ...field, zoned: before.zoned ?? false }
    : field;
}

function mayMerge(input: CastRelation, { onError, fields }: CastOptions): boolean {
  const guessed = new Set(input.guessed);
  return (
    input.onError === onError ||
    input.fields.every(({ name }) => guessed.has(name) || fields.some((field) => field.name === name))
  );
}

/** Rows tested against the constraints and keys of their schema. */
export function check(
  input: Relation,
  options: { readonly onError: ErrorPolicy; readonly resource: string },
  at: StepReference,
): CheckRelation {
  return { kind: "check", input, schema: input.schema, ...options, at };
}

export interface MapOptions {
  readonly apply: MapRelation["apply"];
  /** The field that the function computes; null: it may change all. */
  readonly target: Field | null;
  readonly pure: boolean;
}

/** A row function over each row. */
export function map(input: Relation, { apply, target, pure }: MapOptions, at: StepReference): MapRelation {
  const others = input.schema.fields;
  const fields =
    target === null
      ? others
      : others.some(({ name }) => name === target.name)
        ? others.map((field) => (field.name === target.name ? target : field))
        : [...others, target];
  return {
    kind: "map",
    input,
    apply,
    target: target?.name ?? null,
    pure,
    schema: { ...input.schema, fields },
    at,
  };
}

/** The raw cells of a file: every column of a text format is text. */
export function scan(table: LocalTable, at: StepReference): ScanRelation {
  const declared = table.resource.schema;
  const raw = table.format === "csv" || table.format === "tsv";
  const fields: readonly Field[] = raw
    ? table.columns.map((name) => ({ name, type: "string" }))
    : (declared?.fields ?? []);
  return { kind: "scan", table, schema: { ...declared, fields }, at };
}

/** Objects from JavaScript as rows of the given schema; `open` is called once a run. */
export function rows(open: RowsRelation["open"], schema: Schema, at: StepReference): RowsRelation {
  return { kind: "rows", open, schema, at };
}

/** All rows through a function that gives rows; their fields are those of the schema. */
export function transform(
  input: Relation,
  { apply, resource, schema }: Pick<TransformRelation, "apply" | "resource" | "schema">,
  at: StepReference,
): TransformRelation {
  return { kind: "transform", input, apply, resource, schema, at };
}
