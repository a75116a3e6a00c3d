import type { Field } from "../descriptor/types.ts";
import { fieldsOf } from "./expression.ts";
import type { CastRelation, CheckRelation, ProjectRelation, Relation } from "./relation.ts";

/**
 * The same rows, planned so that text is cast once: a cast above a cast, also with fields renamed or
 * dropped between, becomes one cast of the original text. So `set_type` after `load` reads what stands in
 * the file, not what a guess made of it.
 */
export function mergeCasts(relation: Relation): Relation {
  const known = merged.get(relation);
  if (known) return known;
  const result = rebuilt(relation);
  merged.set(relation, result);
  return result;
}

/** One result per relation object, because identity tells the engine what is the same data. */
const merged = new WeakMap<Relation, Relation>();

function rebuilt(relation: Relation): Relation {
  if (relation.kind === "scan" || relation.kind === "rows") return relation;
  if (relation.kind === "errors") return { ...relation, of: relation.of.map(mergeFinding) };
  const input = mergeCasts(relation.input);
  if (relation.kind === "cast") return castOver(relation, input);
  return input === relation.input ? relation : { ...relation, input };
}

/** What became of a cast or check that a step named: itself, or the cast that took it in. */
function mergeFinding(relation: CastRelation | CheckRelation): CastRelation | CheckRelation {
  let result = takenInto.get(relation) ?? mergeCasts(relation);
  for (let next = takenInto.get(result); next; next = takenInto.get(result)) result = next;
  return result.kind === "cast" || result.kind === "check" ? result : relation;
}

/** Casts that were merged into another, by the one that has taken them in. */
const takenInto = new WeakMap<Relation, CastRelation>();

function castOver(outer: CastRelation, input: Relation): Relation {
  if (input.kind === "cast" && canMerge(outer, input)) return mergeInto(outer, input, outer.fields);
  if (input.kind === "project" && input.input.kind === "cast") {
    const below = input.input;
    const renamed = outer.fields.map((field) => sourceName(input, field));
    if (canMerge(outer, below) && renamed.every((field): field is Field => field !== undefined))
      return { ...input, input: mergeInto(outer, below, renamed), schema: outer.schema };
  }
  return input === outer.input ? outer : { ...outer, input };
}

/** A policy decides for its own fields only: casts with two policies stay two, unless the first only guessed. */
function canMerge(outer: CastRelation, inner: CastRelation): boolean {
  const replaced = new Set(outer.fields.map(({ name }) => name));
  const onlyGuessed = inner.fields.every(
    ({ name, type }) => type === "string" || inner.guessed.includes(name) || replaced.has(name),
  );
  return outer.onError === inner.onError || onlyGuessed;
}

function mergeInto(outer: CastRelation, inner: CastRelation, fields: readonly Field[]): CastRelation {
  const result = mergedCast(outer, inner, fields);
  takenInto.set(inner, result);
  takenInto.set(outer, result);
  return result;
}

function mergedCast(outer: CastRelation, inner: CastRelation, fields: readonly Field[]): CastRelation {
  const told = fields.map((field) => ({ missingValues: outer.missingValues, ...field }));
  const changed = new Map(told.map((field) => [field.name, field]));
  const kept = inner.fields.filter(({ name }) => !changed.has(name));
  return {
    ...inner,
    fields: [...kept.map((field) => ({ missingValues: inner.missingValues, ...field })), ...told],
    guessed: inner.guessed.filter((name) => !changed.has(name)),
    onError: outer.onError,
    schema: {
      ...inner.schema,
      fields: inner.schema.fields.map((field) => changed.get(field.name) ?? field),
    },
  };
}

/** The field under the name that it has below a projection, if nothing else there reads it. */
function sourceName(project: ProjectRelation, field: Field): Field | undefined {
  const value = project.columns.find(({ name }) => name === field.name)?.value;
  if (value?.kind !== "field") return undefined;
  const readers = project.columns.filter((column) => fieldsOf(column.value).includes(value.name));
  return readers.length === 1 ? { ...field, name: value.name } : undefined;
}
