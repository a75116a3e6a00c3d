import { isJsonObject, type JsonObject } from "./problem.ts";
import type { Change } from "./types.ts";

const profile = "https://datapackage.org/profiles/2.0/datapackage.json";

/** What version 1 called the profile of packages as the standard has them. */
const ownProfiles: readonly unknown[] = ["data-package", "tabular-data-package"];

interface Normalised {
  readonly properties: JsonObject;
  readonly changes: readonly Change[];
}

/**
 * The properties of a package of version 1 or 2, without its resources, as version 2 has them: `profile`
 * becomes `$schema`, a contributor's `role` is one of its `roles`, and missing values stand in the resources,
 * which have them (`inPackage`). `aircan.changes` says what was in an older form.
 */
export function normalisePackage(properties: JsonObject): JsonObject {
  const steps = [withoutProfile, withRoles, withoutMissingValues];
  const { properties: normalised, changes } = steps.reduce<Normalised>(
    (found, step) => {
      const next = step(found.properties);
      return { properties: next.properties, changes: [...found.changes, ...next.changes] };
    },
    { properties, changes: [] },
  );
  if (changes.length === 0) return normalised;
  const { aircan } = normalised;
  return { ...normalised, aircan: { ...(isJsonObject(aircan) ? aircan : {}), changes } };
}

function withoutProfile(properties: JsonObject): Normalised {
  const { profile: told, ...rest } = properties;
  const address = ownProfiles.includes(told) ? profile : told;
  if (typeof address !== "string" || !/^https?:/.test(address)) return { properties, changes: [] };
  const text = `the profile is read as \`$schema: "${address}"\``;
  return { properties: { $schema: address, ...rest }, changes: [{ pointer: "/profile", text }] };
}

function withRoles(properties: JsonObject): Normalised {
  const contributors: readonly unknown[] = Array.isArray(properties.contributors)
    ? properties.contributors
    : [];
  const isOld = (each: unknown): each is JsonObject =>
    isJsonObject(each) && typeof each.role === "string" && each.roles === undefined;
  const changes = contributors.flatMap((each, i): Change[] =>
    isOld(each) ? [{ pointer: `/contributors/${i}/role`, text: "the role is read as a list, `roles`" }] : [],
  );
  if (changes.length === 0) return { properties, changes };
  const read = contributors.map((each) => {
    if (!isOld(each)) return each;
    const { role, ...rest } = each;
    return { ...rest, roles: [role] };
  });
  return { properties: { ...properties, contributors: read }, changes };
}

function withoutMissingValues(properties: JsonObject): Normalised {
  const { missingValues, ...rest } = properties;
  if (missingValues === undefined) return { properties, changes: [] };
  const text = "the missing values are read as those of each resource that names none";
  return { properties: rest, changes: [{ pointer: "/missingValues", text }] };
}
