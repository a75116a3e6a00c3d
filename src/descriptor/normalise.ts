import { normaliseMissing } from "./missing-values.ts";
import { oldForms } from "./old-forms.ts";
import { textOf } from "./problem.ts";
import type { Dialect, Field, FieldType, Resource, Schema } from "./types.ts";

/**
 * A resource descriptor of version 1 or 2 as version 2 has it: `url` becomes `path`, nested dialects become
 * flat, keys become lists, `fmt:` goes, a schema's fields have a type and its missing values are told. `aircan.changes` says what was in an older form.
 */
export function normaliseResource(descriptor: Readonly<Record<string, unknown>>): Resource {
  const { url, dialect, schema, profile, missingValues, ...rest } = descriptor;
  const changes = oldForms(descriptor);
  const inSchema = isObject(schema) && Array.isArray(missingValues) ? { missingValues, ...schema } : schema;
  return {
    ...rest,
    name: typeof rest.name === "string" ? rest.name : "data",
    ...(changes.length > 0 ? { aircan: { ...(isObject(rest.aircan) ? rest.aircan : {}), changes } } : {}),
    ...(rest.path === undefined && typeof url === "string" ? { path: url } : {}),
    ...(profile === "tabular-data-resource" ? { type: "table" as const } : {}),
    ...(isObject(dialect) ? { dialect: normaliseDialect(dialect) } : {}),
    ...(isObject(schema) ? {} : normaliseMissing(missingValues)),
    ...(isObject(inSchema)
      ? { schema: normaliseSchema(inSchema, profile === undefined ? "any" : "string") } // as version 1 had it
      : {}),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Version 1 had these; version 2 has no word for them. */
const oldDialectProperties = ["csvddfVersion", "caseSensitiveHeader"];

/** Flat as version 2 has it; what Frictionless nests and version 2 has no word for stays nested. */
function normaliseDialect(dialect: Readonly<Record<string, unknown>>): Partial<Dialect> {
  const { csv, json, excel, sql, ...rest } = dialect;
  const { property, keys, ...ofJson } = isObject(json) ? json : {};
  const { sheet, ...ofExcel } = isObject(excel) ? excel : {};
  const { table, ...ofSql } = isObject(sql) ? sql : {};
  const flat = {
    ...(isObject(csv) ? csv : {}),
    ...(property === undefined ? {} : { property }),
    ...(keys === undefined ? {} : { itemKeys: keys }),
    ...(sheet === undefined ? {} : { [typeof sheet === "number" ? "sheetNumber" : "sheetName"]: sheet }),
    ...(table === undefined ? {} : { table }),
    ...nested("json", ofJson),
    ...nested("excel", ofExcel),
    ...nested("sql", ofSql),
    ...rest,
  };
  return Object.fromEntries(Object.entries(flat).filter(([name]) => !oldDialectProperties.includes(name)));
}

const nested = (name: string, rest: object) => (Object.keys(rest).length === 0 ? {} : { [name]: rest });

/** What a package says for all its resources, where a resource says nothing of its own. */
const inherited = ["sources", "licenses", "missingValues"];

/** A resource as its package has it: with the sources, licences and missing values of the package where it has none. */
export function inPackage(
  resource: Readonly<Record<string, unknown>>,
  descriptor: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const given = inherited.filter((name) => descriptor[name] !== undefined && resource[name] === undefined);
  return { ...Object.fromEntries(given.map((name) => [name, descriptor[name]])), ...resource };
}

/** A schema of version 1 or 2 as version 2 has it. `untyped` is the type of fields that name none. */
export function normaliseSchema(
  schema: Readonly<Record<string, unknown>>,
  untyped: FieldType = "any",
): Schema {
  const { primaryKey, fields, missingValues, fieldsMatch, foreignKeys, ...rest } = schema;
  return {
    ...rest,
    fields: Array.isArray(fields)
      ? fields.filter(isObject).map((field) => normaliseField(field, untyped))
      : [],
    ...normaliseMissing(missingValues),
    ...(primaryKey === undefined ? {} : { primaryKey: listOfNames(primaryKey) }),
    ...(fieldsMatch === undefined
      ? {}
      : { fieldsMatch: Array.isArray(fieldsMatch) ? fieldsMatch[0] : fieldsMatch }),
    ...(Array.isArray(foreignKeys)
      ? { foreignKeys: foreignKeys.filter(isObject).map(normaliseForeignKey) }
      : {}),
  };
}

const listOfNames = (names: unknown) => (Array.isArray(names) ? names : [names]).map(textOf);

/** A key into the own table names no resource; version 1 wrote an empty name. */
function normaliseForeignKey({ fields, reference, ...rest }: Readonly<Record<string, unknown>>) {
  const { resource, fields: others, ...more } = isObject(reference) ? reference : {};
  return {
    ...rest,
    fields: listOfNames(fields),
    reference: {
      ...more,
      ...(resource === undefined || resource === "" ? {} : { resource }),
      fields: listOfNames(others),
    },
  };
}

function normaliseField(field: Readonly<Record<string, unknown>>, untyped: FieldType): Field {
  const { format, type, name, missingValues, ...rest } = field;
  return {
    ...rest,
    name: textOf(name ?? ""),
    type: (typeof type === "string" ? type : untyped) as FieldType, // an unknown type is refused by the schema's validation
    ...(typeof format === "string" && format !== "default" ? { format: format.replace(/^fmt:/, "") } : {}),
    ...normaliseMissing(missingValues),
  };
}
