import type { Dialect, Field, FieldType, Resource, Schema } from "./types.ts";

/**
 * A resource descriptor of version 1 or 2 as version 2 has it: `url` becomes `path`, nested dialects become
 * flat, keys become lists, `fmt:` goes, a schema's fields have a type.
 */
export function normaliseResource(descriptor: Readonly<Record<string, unknown>>): Resource {
  const { url, dialect, schema, profile, ...rest } = descriptor;
  return {
    ...rest,
    name: typeof rest.name === "string" ? rest.name : "data",
    ...(rest.path === undefined && typeof url === "string" ? { path: url } : {}),
    ...(profile === "tabular-data-resource" ? { type: "table" as const } : {}),
    ...(isObject(dialect) ? { dialect: normaliseDialect(dialect) } : {}),
    ...(isObject(schema)
      ? { schema: normaliseSchema(schema, profile === undefined ? "any" : "string") } // as version 1 had it
      : {}),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Version 1 had these; version 2 has no word for them. */
const oldDialectProperties = ["csvddfVersion", "caseSensitiveHeader"];

function normaliseDialect(dialect: Readonly<Record<string, unknown>>): Partial<Dialect> {
  const { csv, ...rest } = dialect;
  const flat = { ...(isObject(csv) ? csv : {}), ...rest };
  return Object.fromEntries(Object.entries(flat).filter(([name]) => !oldDialectProperties.includes(name)));
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
    ...(Array.isArray(missingValues) ? { missingValues: missingValues.map(missingText) } : {}),
    ...(primaryKey === undefined ? {} : { primaryKey: listOfNames(primaryKey) }),
    ...(fieldsMatch === undefined
      ? {}
      : { fieldsMatch: Array.isArray(fieldsMatch) ? fieldsMatch[0] : fieldsMatch }),
    ...(Array.isArray(foreignKeys)
      ? { foreignKeys: foreignKeys.filter(isObject).map(normaliseForeignKey) }
      : {}),
  };
}

/** Version 2 may give a missing value a label. */
const missingText = (item: unknown) => (isObject(item) ? String(item.value) : String(item));

const listOfNames = (names: unknown) => (Array.isArray(names) ? names : [names]).map(String);

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
    name: String(name ?? ""),
    type: (typeof type === "string" ? type : untyped) as FieldType, // an unknown type is refused by the schema's validation
    ...(typeof format === "string" && format !== "default" ? { format: format.replace(/^fmt:/, "") } : {}),
    ...(Array.isArray(missingValues) ? { missingValues: missingValues.map(missingText) } : {}),
  };
}
