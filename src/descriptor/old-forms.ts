import { isJsonObject, type JsonObject, pointerTo } from "./problem.ts";
import type { Change } from "./types.ts";

/** What of a resource is in a form that version 2 no longer has, and how it is read. */
export function oldForms(resource: JsonObject): Change[] {
  const { url, path, profile, dialect, schema } = resource;
  return [
    ...(url !== undefined && path === undefined ? [change("/url", "`url` is read as `path`")] : []),
    ...(profile === "tabular-data-resource"
      ? [change("/profile", 'the profile is read as `type: "table"`')]
      : []),
    ...(isJsonObject(dialect) ? dialectForms(dialect) : []),
    ...(isJsonObject(schema) ? schemaForms(schema, profile === undefined ? "any" : "string") : []),
  ];
}

const change = (pointer: string, text: string): Change => ({ pointer, text });

function dialectForms(dialect: JsonObject): Change[] {
  const nested = ["csv", "json", "excel", "sql"].filter((name) => isJsonObject(dialect[name]));
  const gone = ["csvddfVersion", "caseSensitiveHeader"].filter((name) => name in dialect);
  return [
    ...nested.map((name) =>
      change(`/dialect/${name}`, `what stands in \`${name}\` is read as standing in the dialect`),
    ),
    ...gone.map((name) =>
      change(`/dialect/${name}`, `\`${name}\` is left out, as it means nothing in version 2`),
    ),
  ];
}

function schemaForms(schema: JsonObject, untyped: string): Change[] {
  const { primaryKey, fieldsMatch, foreignKeys, fields } = schema;
  const keys: readonly unknown[] = Array.isArray(foreignKeys) ? foreignKeys : [];
  const some: readonly unknown[] = Array.isArray(fields) ? fields : [];
  return [
    ...(typeof primaryKey === "string" ? [change("/schema/primaryKey", "the key is read as a list")] : []),
    ...(Array.isArray(fieldsMatch)
      ? [change("/schema/fieldsMatch", "the list is read as its first word")]
      : []),
    ...keys.flatMap((key, i) => (isJsonObject(key) ? keyForms(key, `/schema/foreignKeys/${i}`) : [])),
    ...some.flatMap((field, i) =>
      isJsonObject(field) ? fieldForms(field, `/schema/fields/${i}`, untyped) : [],
    ),
  ];
}

function keyForms({ fields, reference }: JsonObject, pointer: string): Change[] {
  const isSelf = isJsonObject(reference) && reference.resource === "";
  return [
    ...(typeof fields === "string"
      ? [change(pointerTo(pointer, "fields"), "the key is read as a list")]
      : []),
    ...(isSelf ? [change(`${pointer}/reference/resource`, "an empty name is read as the table itself")] : []),
  ];
}

function fieldForms({ type, format }: JsonObject, pointer: string, untyped: string): Change[] {
  return [
    ...(type === undefined ? [change(pointer, `a field without a type is read as \`${untyped}\``)] : []),
    ...(typeof format === "string" && format.startsWith("fmt:")
      ? [change(pointerTo(pointer, "format"), `\`${format}\` is read as \`${format.slice("fmt:".length)}\``)]
      : []),
  ];
}
