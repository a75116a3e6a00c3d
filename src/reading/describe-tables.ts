import { AirCanError } from "../base/errors.ts";
import { normaliseResource } from "../descriptor/normalise.ts";
import { normalisePackage } from "../descriptor/normalise-package.ts";
import { type JsonObject, refuseProblems } from "../descriptor/problem.ts";
import type { Resource } from "../descriptor/types.ts";
import { packageProblems, resourceProblems } from "../descriptor/validate.ts";
import { withCredentials } from "./credentials.ts";
import { type DescribeOptions, describeFile } from "./describe.ts";
import { describeJoined } from "./describe-joined.ts";
import { type Joined, joinSources } from "./join-sources.ts";
import type { LocalTable } from "./local-table.ts";
import type { ReadingContext } from "./options.ts";
import { pathFrom, type ReadDescriptor, spoolData, withReferences } from "./read-descriptor.ts";
import { refuseSchema } from "./schema-problems.ts";
import { isPattern } from "./sources/matching.ts";
import { openDescriptor } from "./zip-package.ts";

export interface DescribedTables {
  /** Properties of the package as version 2 has them, without its resources; empty for a lone file. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly tables: readonly LocalTable[];
}

/**
 * The tables of a source: a file or URL is one; a data package (its `datapackage.json`, or the folder of
 * it) or a resource descriptor gives those that it names.
 *
 * @throws AirCanError as `describeFile`; those of the descriptors: `package-error`, `resource-error`,
 *   `schema-error`, `field-error`, `dialect-error`, `unsafe-path`.
 */
export async function describeTables(
  source: string | Resource,
  options: DescribeOptions,
  surroundings: ReadingContext,
): Promise<DescribedTables> {
  const context = await withCredentials(source, options, surroundings);
  if (typeof source !== "string")
    return {
      properties: {},
      tables: await describeResource(source, options, { context, base: undefined }),
    };
  const read = await openDescriptor(source, options, context);
  if (read === undefined) {
    const describe = isPattern(source, context) ? describeJoined : describeFile;
    return { properties: {}, tables: await describe(source, options, context) };
  }
  const { resources, ...properties } = read.descriptor;
  if (!read.isPackage) return { properties: {}, tables: await described(read.descriptor, options, read) };
  refuseProblems(packageProblems(read.descriptor, context.trusted), source);
  const tables: LocalTable[] = [];
  for (const resource of Array.isArray(resources) ? resources : [])
    tables.push(...(await described(resource, options, read)));
  return { properties: normalisePackage(properties), tables };
}

/** The tables of a resource of a descriptor, with all that it refers to. */
async function described(
  written: JsonObject,
  options: DescribeOptions,
  from: ReadDescriptor,
): Promise<readonly LocalTable[]> {
  const resource = await withReferences(written, from);
  refuseProblems(resourceProblems(resource, from.context.trusted), from.source);
  if (resource.schema !== undefined) refuseSchema(resource.schema, `${from.source}: the schema`);
  return describeResource(normaliseResource(resource), options, from);
}

/** The tables of one resource, most often one; its parts are put together, rows that stand in it become a file. */
export async function describeResource(
  resource: Resource,
  options: DescribeOptions,
  from: Pick<ReadDescriptor, "context" | "base">,
): Promise<readonly LocalTable[]> {
  const { path, data, name } = resource;
  const parts = path === undefined ? [] : typeof path === "string" ? [path] : path;
  const [first] = parts;
  if (first === undefined && data === undefined)
    throw new AirCanError("resource-error", `The resource "${name}" has neither a path nor data.`, {
      where: { resource: name },
    });
  const addresses = parts.map((part) => pathFrom(part, from));
  const joined = parts.length > 1 ? await joinSources(addresses, resource, from.context) : undefined;
  const source =
    joined?.path ?? (first === undefined ? await spoolData(data, name, from.context) : (addresses[0] ?? ""));
  const { data: _, ...declared } = resource;
  const context =
    first === undefined || parts.length > 1 ? { ...from.context, allowLocal: true } : from.context;
  const tables = await describeFile(
    source,
    { ...options, resource: { ...declared, ...options.resource }, name },
    context,
  );
  return tables.map((table) => withParts(table, path, joined));
}

/** The table with the path of its resource in place of the copy's. */
function withParts(table: LocalTable, path: Resource["path"], joined: Joined | undefined): LocalTable {
  const { path: _spool, ...found } = table.resource;
  const resource = path === undefined ? found : { ...found, path };
  if (joined === undefined) return { ...table, resource };
  const isText = table.format === "csv" && !table.isSpooled;
  return { ...table, resource: withNote(resource, joined), ...(isText ? { parts: joined.parts } : {}) };
}

/** Says which parts went without their header. */
function withNote(resource: Resource, { parts }: Joined): Resource {
  const count = parts.filter(({ skipped }) => skipped > 0).length;
  if (count === 0) return resource;
  const text = `${count} of ${parts.length} parts repeat the header of the first; it was read once`;
  const notes = [...(resource.aircan?.notes ?? []), { about: "parts", text }];
  return { ...resource, aircan: { ...resource.aircan, notes } };
}
