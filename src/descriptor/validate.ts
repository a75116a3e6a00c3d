import {
  type DescriptorProblem,
  isJsonObject,
  type JsonObject,
  pointerTo,
  propertyProblems,
  type Rule,
  rules,
} from "./problem.ts";
import { unsafeReason } from "./safe-path.ts";
import { fieldProblems } from "./validate-field.ts";

const fieldsMatchModes = ["exact", "equal", "subset", "superset", "partial"];
const either: Rule = {
  expected: "a text or a list",
  fits: (value) => typeof value === "string" || Array.isArray(value),
};

const schemaRules: Readonly<Record<string, Rule>> = {
  $schema: rules.text,
  name: rules.text,
  title: rules.text,
  description: rules.text,
  fields: rules.list,
  fieldsMatch: {
    expected: `one of ${fieldsMatchModes.join(", ")}`,
    fits: (value) => fieldsMatchModes.includes(String(Array.isArray(value) ? value[0] : value)),
  },
  missingValues: rules.list,
  primaryKey: rules.textOrTexts,
  uniqueKeys: rules.list,
  foreignKeys: rules.list,
};

const dialectRules: Readonly<Record<string, Rule>> = {
  $schema: rules.text,
  delimiter: rules.character,
  lineTerminator: rules.text,
  quoteChar: rules.optionalCharacter,
  doubleQuote: rules.flag,
  escapeChar: rules.optionalCharacter,
  nullSequence: rules.text,
  skipInitialSpace: rules.flag,
  header: rules.flag,
  headerRows: rules.rowNumbers,
  headerJoin: rules.text,
  headerCase: rules.flag,
  commentChar: { expected: "a text, or null", fits: (value) => value === null || typeof value === "string" },
  commentRows: rules.rowNumbers,
  property: rules.text,
  itemType: rules.text,
  itemKeys: rules.texts,
  sheetNumber: rules.count,
  sheetName: rules.text,
  table: rules.text,
  csv: rules.object,
  json: rules.object,
  excel: rules.object,
  skipBlankRows: rules.flag,
};

const resourceRules: Readonly<Record<string, Rule>> = {
  $schema: rules.text,
  name: rules.filledText,
  type: rules.text,
  path: either,
  data: { expected: "a value", fits: () => true },
  title: rules.text,
  description: rules.text,
  homepage: rules.text,
  format: rules.text,
  mediatype: rules.text,
  encoding: rules.text,
  compression: rules.text,
  bytes: rules.count,
  rows: rules.count,
  hash: rules.text,
  sources: rules.list,
  licenses: rules.list,
  dialect: rules.objectOrText,
  schema: rules.objectOrText,
  url: rules.text,
  profile: rules.text,
};

const packageRules: Readonly<Record<string, Rule>> = {
  $schema: rules.text,
  name: rules.text,
  id: rules.text,
  title: rules.text,
  description: rules.text,
  homepage: rules.text,
  version: rules.text,
  created: rules.text,
  image: rules.text,
  profile: rules.text,
  keywords: rules.list,
  licenses: rules.list,
  contributors: rules.list,
  sources: rules.list,
  resources: rules.list,
};

/** What is wrong with a Table Schema of version 1 or 2. */
export function schemaProblems(schema: unknown, pointer = ""): DescriptorProblem[] {
  const place = { code: "schema-error" as const, pointer };
  if (!isJsonObject(schema)) return [{ ...place, message: "The schema is not an object." }];
  const found = propertyProblems(schema, schemaRules, { ...place, what: "the schema" });
  if (!Array.isArray(schema.fields)) {
    const missing = { ...place, message: "The schema has no list of fields.", hint: "Give it `fields`." };
    return schema.fields === undefined ? [missing, ...found] : found;
  }
  const fields: readonly unknown[] = schema.fields;
  const at = pointerTo(pointer, "fields");
  const names = fields.flatMap((field) => (isJsonObject(field) ? [String(field.name)] : []));
  return [
    ...found,
    ...fields.flatMap((field, i) => fieldProblems(field, pointerTo(at, i))),
    ...keyProblems(schema, names, pointer),
  ];
}

/** Keys that name fields which are not there. */
function keyProblems(schema: JsonObject, names: readonly string[], pointer: string): DescriptorProblem[] {
  const unknown = (key: unknown, at: string, what: string): DescriptorProblem[] =>
    (Array.isArray(key) ? key : [key])
      .filter((name): name is string => typeof name === "string" && !names.includes(name))
      .map((name) => ({
        code: "schema-error",
        pointer: at,
        message: `The ${what} names "${name}", but the fields are: ${names.join(", ")}.`,
      }));
  const lists = (property: "uniqueKeys" | "foreignKeys") => {
    const value = schema[property];
    return Array.isArray(value) ? value : [];
  };
  return [
    ...unknown(schema.primaryKey ?? [], pointerTo(pointer, "primaryKey"), "primary key"),
    ...lists("uniqueKeys").flatMap((key, i) =>
      unknown(key, pointerTo(pointerTo(pointer, "uniqueKeys"), i), "unique key"),
    ),
    ...lists("foreignKeys").flatMap((key, i) =>
      unknown(
        isJsonObject(key) ? key.fields : [],
        pointerTo(pointerTo(pointer, "foreignKeys"), i),
        "foreign key",
      ),
    ),
  ];
}

/** What is wrong with a dialect, flat or with Frictionless's nested forms. */
export function dialectProblems(dialect: unknown, pointer = ""): DescriptorProblem[] {
  const place = { code: "dialect-error" as const, pointer };
  if (!isJsonObject(dialect)) return [{ ...place, message: "The dialect is not an object." }];
  const nested = isJsonObject(dialect.csv)
    ? propertyProblems(dialect.csv, dialectRules, {
        ...place,
        pointer: pointerTo(pointer, "csv"),
        what: "the dialect",
      })
    : [];
  return [...propertyProblems(dialect, dialectRules, { ...place, what: "the dialect" }), ...nested];
}

/** What is wrong with a resource, its dialect and its schema. `trusted` ones may name any path. */
export function resourceProblems(resource: unknown, trusted: boolean, pointer = ""): DescriptorProblem[] {
  const place = { code: "resource-error" as const, pointer };
  if (!isJsonObject(resource)) return [{ ...place, message: "A resource is not an object." }];
  const what = typeof resource.name === "string" ? `resource "${resource.name}"` : "unnamed resource";
  return [
    ...(resource.name === undefined
      ? [{ ...place, message: "A resource has no name.", hint: "Give each resource a `name`." }]
      : []),
    ...propertyProblems(resource, resourceRules, { ...place, what }),
    ...sourceProblems(resource, { trusted, pointer, what }),
    ...(isJsonObject(resource.schema) ? schemaProblems(resource.schema, pointerTo(pointer, "schema")) : []),
    ...(isJsonObject(resource.dialect)
      ? dialectProblems(resource.dialect, pointerTo(pointer, "dialect"))
      : []),
  ];
}

interface OfResource {
  readonly trusted: boolean;
  readonly pointer: string;
  readonly what: string;
}

function sourceProblems(resource: JsonObject, { trusted, pointer, what }: OfResource): DescriptorProblem[] {
  const path = resource.path ?? resource.url;
  const problem = (message: string, property = "path"): DescriptorProblem => ({
    code: "resource-error",
    pointer: pointerTo(pointer, property),
    message,
  });
  if (path === undefined && resource.data === undefined)
    return [{ code: "resource-error", pointer, message: `The ${what} has neither a path nor data.` }];
  if (path !== undefined && resource.data !== undefined)
    return [problem(`The ${what} has both a path and data.`)];
  const paths: readonly unknown[] = path === undefined ? [] : Array.isArray(path) ? path : [path];
  if (Array.isArray(path) && path.length === 0) return [problem(`The ${what} has an empty list of paths.`)];
  const references = [resource.schema, resource.dialect].filter((value) => typeof value === "string");
  if (trusted) return [];
  return [...paths, ...references].flatMap((each) => {
    const reason = typeof each === "string" ? unsafeReason(each) : undefined;
    return reason === undefined ? [] : [problem(`The ${what} names "${String(each)}", which ${reason}.`)];
  });
}

/** What is wrong with a data package and all in it. */
export function packageProblems(descriptor: unknown, trusted: boolean): DescriptorProblem[] {
  const place = { code: "package-error" as const, pointer: "" };
  if (!isJsonObject(descriptor)) return [{ ...place, message: "The descriptor is not an object." }];
  const found = propertyProblems(descriptor, packageRules, { ...place, what: "the package" });
  const { resources } = descriptor;
  if (!Array.isArray(resources) || resources.length === 0)
    return [
      { ...place, pointer: "/resources", message: "The package has no list of resources." },
      ...found.filter(({ pointer }) => pointer !== "/resources"),
    ];
  return [
    ...found,
    ...resources.flatMap((resource, i) => resourceProblems(resource, trusted, `/resources/${i}`)),
    ...sameNames(resources),
  ];
}

function sameNames(resources: readonly unknown[]): DescriptorProblem[] {
  const names = resources.map((resource) => (isJsonObject(resource) ? resource.name : undefined));
  return names.flatMap((name, i) =>
    name !== undefined && names.indexOf(name) < i
      ? [
          {
            code: "package-error" as const,
            pointer: `/resources/${i}/name`,
            message: `Two resources have the name "${String(name)}".`,
          },
        ]
      : [],
  );
}
