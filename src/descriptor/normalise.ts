import type { Dialect, Field, Resource, Schema } from "./types.ts";

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
    ...(isObject(schema) ? { schema: normaliseSchema(schema) } : {}),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function normaliseDialect(dialect: Readonly<Record<string, unknown>>): Partial<Dialect> {
  const { csv, ...rest } = dialect;
  return { ...(isObject(csv) ? csv : {}), ...rest };
}

/** A schema of version 1 or 2 as version 2 has it. */
export function normaliseSchema(schema: Readonly<Record<string, unknown>>): Schema {
  const { primaryKey, fields, missingValues, ...rest } = schema;
  return {
    ...rest,
    fields: Array.isArray(fields) ? fields.filter(isObject).map(normaliseField) : [],
    ...(Array.isArray(missingValues)
      ? { missingValues: missingValues.map((item) => (isObject(item) ? String(item.value) : String(item))) }
      : {}),
    ...(typeof primaryKey === "string"
      ? { primaryKey: [primaryKey] }
      : Array.isArray(primaryKey)
        ? { primaryKey: primaryKey.map(String) }
        : {}),
  };
}

function normaliseField(field: Readonly<Record<string, unknown>>): Field {
  const { format, type, name, ...rest } = field;
  return {
    ...rest,
    name: String(name ?? ""),
    type: (typeof type === "string" ? type : "any") as Field["type"], // an unknown type is refused by the schema's validation
    ...(typeof format === "string" && format !== "default" ? { format: format.replace(/^fmt:/, "") } : {}),
  };
}
