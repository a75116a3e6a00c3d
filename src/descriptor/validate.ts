import {
  type Checked,
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
import { unsafeReason } from "./safe-path.ts";
import { withPlaces } from "./source-text.ts";
import { dialectProblems } from "./validate-dialect.ts";
import { missingValueProblems } from "./validate-options.ts";
import { listOf, schemaProblems } from "./validate-schema.ts";

const either: Rule = {
  expected: "a text or a list",
  fits: (value) => typeof value === "string" || Array.isArray(value),
};

const matching = (expected: string, pattern: RegExp): Rule => ({
  expected,
  fits: (value) => typeof value === "string" && pattern.test(value),
});

const anything: Rule = { expected: "a value", fits: () => true };

/** What packages and resources both have. */
const sharedRules: Readonly<Record<string, Rule>> = {
  $schema: rules.text,
  title: rules.text,
  description: rules.text,
  homepage: rules.text,
  profile: rules.text,
  licenses: rules.list,
  sources: rules.list,
  missingValues: rules.list,
};

const resourceRules: Readonly<Record<string, Rule>> = {
  ...sharedRules,
  name: rules.filledText,
  type: rules.text,
  path: either,
  data: anything,
  format: rules.text,
  mediatype: matching('a media type such as "text/csv"', /^[^/\s]+\/[^/]+$/),
  encoding: rules.filledText,
  compression: rules.text,
  bytes: rules.count,
  rows: rules.count,
  fields: rules.count,
  hash: matching('a hash such as "sha256:9f86d0…"', /^(?:[^:]+:)?[0-9A-Fa-f]+$/),
  dialect: rules.objectOrText,
  schema: rules.objectOrText,
  url: rules.text,
};

const packageRules: Readonly<Record<string, Rule>> = {
  ...sharedRules,
  name: rules.filledText,
  id: rules.text,
  version: rules.text,
  created: matching(
    'a time such as "2026-01-31T13:45:00Z"',
    /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/,
  ),
  image: rules.text,
  keywords: rules.texts,
  contributors: rules.list,
  resources: rules.list,
};

const outsideResource: Readonly<Record<string, string>> = {
  delimiter: "the dialect",
  quoteChar: "the dialect",
  header: "the dialect",
  headerRows: "the dialect",
  primaryKey: "the schema",
  foreignKeys: "the schema",
  uniqueKeys: "the schema",
  fieldsMatch: "the schema",
};

const outsidePackage: Readonly<Record<string, string>> = Object.fromEntries(
  ["path", "data", "schema", "dialect", "encoding", "mediatype"].map((name) => [name, "a resource"]),
);

/** What is wrong with a resource, its dialect and its schema. `trusted` ones may name any path. */
export function resourceProblems(resource: unknown, trusted: boolean, pointer = ""): DescriptorProblem[] {
  const place = { code: "resource-error" as const, pointer };
  if (!isJsonObject(resource)) return [{ ...place, message: "A resource is not an object." }];
  const what = typeof resource.name === "string" ? `resource "${resource.name}"` : "unnamed resource";
  const { schema, dialect, name } = resource;
  const found = [
    ...(name === undefined
      ? [{ ...place, message: "A resource has no name.", hint: "Give each resource a `name`." }]
      : []),
    ...propertyProblems(resource, resourceRules, { ...place, what }),
    ...misplacedProblems(resource, outsideResource, { ...place, what }),
    ...missingValueProblems(resource.missingValues, { ...place, what }),
    ...partProblems(resource, { ...place, what }),
    ...sourceProblems(resource, { trusted, pointer, what }),
  ];
  return [
    ...withPlaces(found, resource, pointer),
    ...(isJsonObject(schema) ? schemaProblems(schema, pointerTo(pointer, "schema")) : []),
    ...(isJsonObject(dialect) ? dialectProblems(dialect, pointerTo(pointer, "dialect")) : []),
  ];
}

/** Licences, sources and contributors: each is an object with a name of some kind. */
function partProblems(object: JsonObject, { code, pointer, what }: Checked): DescriptorProblem[] {
  const needs: Readonly<Record<string, readonly string[]>> = {
    licenses: ["name", "path"],
    sources: ["title", "path", "email", "name", "web"],
    contributors: ["title", "givenName", "familyName", "path", "email", "name", "organization"],
  };
  return Object.entries(needs).flatMap(([property, some]) => {
    const parts: readonly unknown[] = Array.isArray(object[property]) ? object[property] : [];
    return parts.flatMap((part, i): DescriptorProblem[] => {
      const at = pointerTo(pointerTo(pointer, property), i);
      if (isJsonObject(part) && some.some((name) => part[name] !== undefined)) return [];
      const message = isJsonObject(part)
        ? `A part of the ${property} of ${what} has none of: ${some.slice(0, 3).join(", ")}.`
        : `A part of the ${property} of ${what} is not an object.`;
      return [{ code, pointer: at, message }];
    });
  });
}

interface OfResource {
  readonly trusted: boolean;
  readonly pointer: string;
  readonly what: string;
}

function sourceProblems(resource: JsonObject, { trusted, pointer, what }: OfResource): DescriptorProblem[] {
  const property = resource.path === undefined && resource.url !== undefined ? "url" : "path";
  const path = resource[property];
  const problem = (message: string, at: string = property): DescriptorProblem => ({
    code: "resource-error",
    pointer: pointerTo(pointer, at),
    message,
  });
  if (path === undefined && resource.data === undefined)
    return [{ code: "resource-error", pointer, message: `The ${what} has neither a path nor data.` }];
  if (path !== undefined && resource.data !== undefined)
    return [problem(`The ${what} has both a path and data.`)];
  const paths = listOf(path);
  if (Array.isArray(path) && path.length === 0) return [problem(`The ${what} has an empty list of paths.`)];
  if (paths.some((each) => typeof each !== "string" || each === ""))
    return [problem(`The ${what} has a path that is no text, or an empty one.`)];
  if (paths.length > 1 && new Set(paths.map((each) => /^[a-z]+:/i.test(textOf(each)))).size > 1)
    return [problem(`The paths of the ${what} are neither all addresses nor all files.`)];
  if (trusted) return [];
  const named = [
    ...paths.map((each) => [property, each] as const),
    ...(["schema", "dialect"] as const).map((each) => [each, resource[each]] as const),
  ];
  return named.flatMap(([at, each]) => {
    const reason = typeof each === "string" ? unsafeReason(each) : undefined;
    return reason === undefined ? [] : [problem(`The ${what} names "${textOf(each)}", which ${reason}.`, at)];
  });
}

/** What is wrong with a data package and all in it. */
export function packageProblems(descriptor: unknown, trusted: boolean): DescriptorProblem[] {
  const place = { code: "package-error" as const, pointer: "", what: "the package" };
  const { what: _, ...at } = place;
  if (!isJsonObject(descriptor)) return [{ ...at, message: "The descriptor is not an object." }];
  const { resources } = descriptor;
  const found = [
    ...propertyProblems(descriptor, packageRules, place),
    ...misplacedProblems(descriptor, outsidePackage, place),
    ...missingValueProblems(descriptor.missingValues, place),
    ...partProblems(descriptor, place),
  ];
  if (!Array.isArray(resources) || resources.length === 0) {
    const missing = { ...at, pointer: "/resources", message: "The package has no list of resources." };
    return withPlaces([missing, ...found.filter(({ pointer }) => pointer !== "/resources")], descriptor, "");
  }
  return [
    ...withPlaces([...found, ...sameNames(resources), ...referenceProblems(resources)], descriptor, ""),
    ...resources.flatMap((resource, i) => resourceProblems(resource, trusted, `/resources/${i}`)),
  ];
}

function sameNames(resources: readonly unknown[]): DescriptorProblem[] {
  const names = resources.map((resource) => (isJsonObject(resource) ? resource.name : undefined));
  return names.flatMap((name, i): DescriptorProblem[] =>
    name !== undefined && names.indexOf(name) < i
      ? [
          {
            code: "package-error",
            pointer: `/resources/${i}/name`,
            message: `Two resources have the name "${textOf(name)}".`,
          },
        ]
      : [],
  );
}

/** Foreign keys that refer to resources, or to fields of resources, which are not there. */
function referenceProblems(resources: readonly unknown[]): DescriptorProblem[] {
  const known = resources.filter(isJsonObject);
  return resources.flatMap((resource, i) => {
    const schema = isJsonObject(resource) ? resource.schema : undefined;
    const keys: readonly unknown[] =
      isJsonObject(schema) && Array.isArray(schema.foreignKeys) ? schema.foreignKeys : [];
    return keys.flatMap((key, k) => {
      const reference = isJsonObject(key) ? key.reference : undefined;
      const pointer = `/resources/${i}/schema/foreignKeys/${k}/reference`;
      return isJsonObject(reference) ? referenceProblem(reference, known, pointer) : [];
    });
  });
}

function referenceProblem(
  { resource, fields, package: other }: JsonObject,
  known: readonly JsonObject[],
  pointer: string,
): DescriptorProblem[] {
  if (typeof resource !== "string" || resource === "" || other !== undefined) return [];
  const problem = (property: string, message: string): DescriptorProblem => ({
    code: "package-error",
    pointer: pointerTo(pointer, property),
    message,
  });
  const target = known.find(({ name }) => name === resource);
  if (target === undefined) {
    const names = known.map(({ name }) => textOf(name)).join(", ");
    return [
      problem(
        "resource",
        `A foreign key refers to the resource "${resource}", but the resources are: ${names}.`,
      ),
    ];
  }
  const told =
    isJsonObject(target.schema) && Array.isArray(target.schema.fields) ? target.schema.fields : undefined;
  if (told === undefined) return [];
  const names = told.filter(isJsonObject).map(({ name }) => textOf(name));
  return listOf(fields)
    .filter((name) => !names.includes(textOf(name)))
    .map((name) =>
      problem(
        "fields",
        `A foreign key refers to the field "${textOf(name)}" of "${resource}", whose fields are: ${names.join(", ")}.`,
      ),
    );
}
