import type { z } from "zod";
import type { Field, FieldType, Package, Resource } from "../descriptor/types.ts";
import type { ProcessorDefinition } from "../flow/define.ts";
import { builderOf, makeStep, type Step } from "../flow/step.ts";
import type { ErrorPolicy, Row } from "../plan/relation.ts";
import { addField as addFieldDefinition } from "./add-field.ts";
import { deduplicate as deduplicateDefinition } from "./deduplicate.ts";
import { deleteFields as deleteFieldsDefinition } from "./delete-fields.ts";
import { dumpToPath as dumpToPathDefinition } from "./dump-to-path.ts";
import { dumpToSql as dumpToSqlDefinition } from "./dump-to-sql.ts";
import { filterRows as filterRowsDefinition } from "./filter-rows.ts";
import { findReplace as findReplaceDefinition } from "./find-replace.ts";
import { load as loadDefinition } from "./load.ts";
import { packageFunction } from "./package-function.ts";
import { printer as printerDefinition } from "./printer.ts";
import { renameFields as renameFieldsDefinition } from "./rename-fields.ts";
import { rowFunction } from "./row-function.ts";
import type {
  CellOf,
  OnlyFields,
  OpenRow,
  WithField,
  WithNewField,
  WithoutFields,
  WithRenamed,
} from "./row-types.ts";
import { rowsFunction } from "./rows-function.ts";
import { selectFields as selectFieldsDefinition } from "./select-fields.ts";
import { setType as setTypeDefinition } from "./set-type.ts";
import { sortRows as sortRowsDefinition } from "./sort-rows.ts";
import { sources as sourcesDefinition } from "./sources.ts";
import { validate as validateDefinition } from "./validate.ts";

/** Options of a processor as they may be written: everything but what stands before by position. */
type Options<Definition extends ProcessorDefinition, Positional extends string = never> = Omit<
  z.input<Definition["config"]>,
  Positional
>;

/** A builder that gives a step of another row type than its definition knows. */
function typed<In, Out>(definition: ProcessorDefinition, args: readonly unknown[]): Step<In, Out> {
  return builderOf(definition)(...args) as Step<In, Out>; // row types exist for the compiler only
}

/** Reads a file, URL, `-` or data package. Name the row's type to have it checked: `load<City>("cities.csv")`. */
export function load<Row = OpenRow>(
  from: string | Resource,
  options: Options<typeof loadDefinition, "from"> = {},
): Step<unknown, Row> {
  return typed(loadDefinition, [from, options]);
}

/** Tables of JavaScript as resources. */
export function sources<Row extends object>(
  ...tables: readonly (Iterable<Row> | AsyncIterable<Row>)[]
): Step<unknown, Row> {
  return makeStep(sourcesDefinition, { sources: tables }) as Step<unknown, Row>; // as in typed()
}

/** Reads a field as a type. */
export function setType<In, const Name extends string, Type extends FieldType>(
  name: Name,
  type: Type,
  options: Options<typeof setTypeDefinition, "name" | "type"> = {},
): Step<In, WithField<In, Name, CellOf<Type>>> {
  return typed(setTypeDefinition, [name, type, options]);
}

/** Tests rows against constraints and keys. */
export function validate<In>(options: Options<typeof validateDefinition> = {}): Step<In, In> {
  return typed(validateDefinition, [options]);
}

/** Keeps the rows for which an expression is true. */
export function filterRows<In>(
  where: string | Options<typeof filterRowsDefinition>,
  options: Options<typeof filterRowsDefinition, "where"> = {},
): Step<In, In> {
  return typed(filterRowsDefinition, typeof where === "string" ? [where, options] : [where]);
}

/** Adds a field: a constant, a row function, or (in the options) an expression. */
export function addField<In, const Name extends string, Type extends FieldType>(
  name: Name,
  type: Type,
  value?: string | number | boolean | null | ((row: In) => unknown),
  options: Options<typeof addFieldDefinition, "name" | "type" | "value"> = {},
): Step<In, WithNewField<In, Name, CellOf<Type>>> {
  return typed(addFieldDefinition, [name, type, value, options]);
}

/** Replaces parts of texts. */
export function findReplace<In>(
  fields: Options<typeof findReplaceDefinition>["fields"],
  options: Options<typeof findReplaceDefinition, "fields"> = {},
): Step<In, In> {
  return typed(findReplaceDefinition, [fields, options]);
}

/** Keeps the named fields, in that order. */
export function selectFields<In, const Name extends string>(
  fields: Name | readonly Name[],
  options: Options<typeof selectFieldsDefinition, "fields"> = {},
): Step<In, OnlyFields<In, Name>> {
  return typed(selectFieldsDefinition, [fields, options]);
}

/** Drops the named fields. */
export function deleteFields<In, const Name extends string>(
  fields: Name | readonly Name[],
  options: Options<typeof deleteFieldsDefinition, "fields"> = {},
): Step<In, WithoutFields<In, Name>> {
  return typed(deleteFieldsDefinition, [fields, options]);
}

/** Gives fields other names. */
export function renameFields<In, const Names extends Readonly<Record<string, string>>>(
  fields: Names,
  options: Options<typeof renameFieldsDefinition, "fields"> = {},
): Step<In, WithRenamed<In, Names>> {
  return typed(renameFieldsDefinition, [fields, options]);
}

/** Puts rows in order. */
export function sortRows<In>(
  by: Options<typeof sortRowsDefinition>["by"],
  options: Options<typeof sortRowsDefinition, "by"> = {},
): Step<In, In> {
  return makeStep(sortRowsDefinition, { ...options, by }) as Step<In, In>; // as in typed(); `by` may be an object
}

/** Keeps the first row of each key. */
export function deduplicate<In>(
  keys?: string | readonly string[],
  options: Options<typeof deduplicateDefinition, "keys"> = {},
): Step<In, In> {
  return typed(deduplicateDefinition, [keys, options]);
}

/** Writes a data package into a folder. */
export function dumpToPath<In>(
  path = ".",
  options: Options<typeof dumpToPathDefinition, "path"> = {},
): Step<In, In> {
  return typed(dumpToPathDefinition, [path, options]);
}

/** Writes resources into tables of a database. */
export function dumpToSql<In>(
  tables: Options<typeof dumpToSqlDefinition>["tables"],
  options: Options<typeof dumpToSqlDefinition, "tables"> = {},
): Step<In, In> {
  return makeStep(dumpToSqlDefinition, { ...options, tables }) as Step<In, In>; // as in typed()
}

/** Prints the first rows. */
export function printer<In>(options: Options<typeof printerDefinition> = {}): Step<In, In> {
  return typed(printerDefinition, [options]);
}

/** A row function that says so; a plain function in a flow means the same. */
export function row<In = Row>(
  apply: (row: In) => unknown,
  options: Options<typeof rowFunction, "function"> = {},
): Step<In, In> {
  return typed(rowFunction, [apply, options]);
}

/** All rows of a resource through a function that gives rows. */
export function rows<In = Row, Out = In>(
  apply: (rows: AsyncIterable<In>, resource: Resource) => Iterable<Out> | AsyncIterable<Out>,
  options: { readonly fields?: readonly Field[]; readonly resources?: string | number | string[] } = {},
): Step<In, Out> {
  return typed(rowsFunction, [apply, options]);
}

/** The package descriptor through a function. */
export function pkg<In>(apply: (descriptor: Package) => Package | undefined): Step<In, In> {
  return typed(packageFunction, [apply]);
}

export type { ErrorPolicy };
