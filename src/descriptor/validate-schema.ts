import {
  type DescriptorProblem,
  isJsonObject,
  type JsonObject,
  misplacedProblems,
  pointerTo,
  propertyProblems,
  type Rule,
  rules,
  textOf,
} from "./problem.ts";
import { withPlaces } from "./source-text.ts";
import { fieldProblems } from "./validate-field.ts";
import { missingValueProblems } from "./validate-options.ts";

const fieldsMatchModes = ["exact", "equal", "subset", "superset", "partial"];

const schemaRules: Readonly<Record<string, Rule>> = {
  $schema: rules.text,
  name: rules.text,
  title: rules.text,
  description: rules.text,
  fields: rules.list,
  fieldsMatch: {
    expected: `one of ${fieldsMatchModes.join(", ")}`,
    fits: (value) => fieldsMatchModes.includes(textOf(Array.isArray(value) ? value[0] : value)),
  },
  missingValues: rules.list,
  primaryKey: rules.textOrTexts,
  uniqueKeys: {
    expected: "a list of lists of names",
    fits: (value) => Array.isArray(value) && value.every((key) => rules.texts.fits(key)),
  },
  foreignKeys: rules.list,
};

/** What people write beside the fields that belongs elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  delimiter: "the dialect",
  quoteChar: "the dialect",
  header: "the dialect",
  encoding: "the resource",
  path: "the resource",
  required: "the constraints of a field",
  unique: "the constraints of a field",
};

/** What is wrong with a Table Schema of version 1 or 2. */
export function schemaProblems(schema: unknown, pointer = ""): DescriptorProblem[] {
  return withPlaces(problemsOf(schema, pointer), schema, pointer);
}

function problemsOf(schema: unknown, pointer: string): DescriptorProblem[] {
  const place = { code: "schema-error" as const, pointer };
  if (!isJsonObject(schema)) return [{ ...place, message: "The schema is not an object." }];
  const what = "the schema";
  const found = [
    ...propertyProblems(schema, schemaRules, { ...place, what }),
    ...misplacedProblems(schema, elsewhere, { ...place, what }),
    ...missingValueProblems(schema.missingValues, { ...place, what }),
  ];
  if (!Array.isArray(schema.fields)) {
    const missing = { ...place, message: "The schema has no list of fields.", hint: "Give it `fields`." };
    return schema.fields === undefined ? [missing, ...found] : found;
  }
  const fields: readonly unknown[] = schema.fields;
  const at = pointerTo(pointer, "fields");
  const names = fields.map((field) => (isJsonObject(field) ? textOf(field.name) : ""));
  return [
    ...found,
    ...fields.flatMap((field, i) => fieldProblems(field, pointerTo(at, i))),
    ...sameNames(names, at),
    ...keyProblems(schema, names, pointer),
    ...foreignKeyProblems(schema, names, pointer),
  ];
}

/** Version 2 has readers take schemas in which two fields have one name, so these are warned of. */
function sameNames(names: readonly string[], pointer: string): DescriptorProblem[] {
  return names.flatMap((name, i): DescriptorProblem[] =>
    name !== "" && names.indexOf(name) < i
      ? [
          {
            code: "schema-error",
            pointer: `${pointer}/${i}/name`,
            message: `Two fields have the name "${name}".`,
            severity: "warning",
          },
        ]
      : [],
  );
}

interface Key {
  readonly fields: unknown;
  readonly pointer: string;
  readonly what: string;
}

/** Keys that name fields which are not there, no field, or one twice. */
function keyProblems(schema: JsonObject, names: readonly string[], pointer: string): DescriptorProblem[] {
  const { primaryKey, uniqueKeys } = schema;
  const unique: readonly unknown[] = Array.isArray(uniqueKeys) ? uniqueKeys : [];
  return [
    ...(primaryKey === undefined
      ? []
      : nameProblems(
          { fields: primaryKey, pointer: pointerTo(pointer, "primaryKey"), what: "primary key" },
          names,
        )),
    ...unique.flatMap((fields, i) =>
      nameProblems(
        { fields, pointer: pointerTo(pointerTo(pointer, "uniqueKeys"), i), what: "unique key" },
        names,
      ),
    ),
  ];
}

function nameProblems({ fields, pointer, what }: Key, names: readonly string[]): DescriptorProblem[] {
  const told = listOf(fields).filter((name) => typeof name === "string");
  const problem = (message: string): DescriptorProblem => ({ code: "schema-error", pointer, message });
  const twice = told.find((name, i) => told.indexOf(name) < i);
  return [
    ...(told.length === 0 ? [problem(`The ${what} names no field.`)] : []),
    ...(twice === undefined ? [] : [problem(`The ${what} names "${twice}" twice.`)]),
    ...told
      .filter((name) => !names.includes(name))
      .map((name) => problem(`The ${what} names "${name}", but the fields are: ${names.join(", ")}.`)),
  ];
}

/** A name or a list of names as a list. */
export const listOf = (names: unknown): readonly unknown[] =>
  Array.isArray(names) ? names : names === undefined ? [] : [names];

function foreignKeyProblems(
  schema: JsonObject,
  names: readonly string[],
  pointer: string,
): DescriptorProblem[] {
  const keys: readonly unknown[] = Array.isArray(schema.foreignKeys) ? schema.foreignKeys : [];
  return keys.flatMap((key, i) =>
    foreignKeyProblem(key, names, pointerTo(pointerTo(pointer, "foreignKeys"), i)),
  );
}

function foreignKeyProblem(key: unknown, names: readonly string[], pointer: string): DescriptorProblem[] {
  const problem = (message: string, at = pointer): DescriptorProblem => ({
    code: "schema-error",
    pointer: at,
    message,
  });
  if (!isJsonObject(key) || key.fields === undefined) return [problem("A foreign key has no `fields`.")];
  const { fields, reference } = key;
  const own = nameProblems({ fields, pointer: pointerTo(pointer, "fields"), what: "foreign key" }, names);
  if (!isJsonObject(reference) || reference.fields === undefined)
    return [...own, problem("A foreign key has no `reference` with `fields`.")];
  const at = pointerTo(pointer, "reference");
  const [from, to] = [listOf(fields), listOf(reference.fields)];
  const counts =
    from.length === to.length
      ? []
      : [
          problem(
            `A foreign key names ${from.length} fields, but refers to ${to.length}.`,
            pointerTo(at, "fields"),
          ),
        ];
  const isSelf = reference.resource === undefined || reference.resource === "";
  const others =
    isSelf && reference.package === undefined
      ? nameProblems(
          {
            fields: reference.fields,
            pointer: pointerTo(at, "fields"),
            what: "reference into the same table",
          },
          names,
        )
      : [];
  return [...own, ...counts, ...others];
}
