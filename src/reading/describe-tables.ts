import { AirCanError } from "../base/errors.ts";
import { normaliseResource } from "../descriptor/normalise.ts";
import { type JsonObject, refuseProblems } from "../descriptor/problem.ts";
import type { Resource } from "../descriptor/types.ts";
import { packageProblems, resourceProblems } from "../descriptor/validate.ts";
import { withCredentials } from "./credentials.ts";
import { type DescribeOptions, describeFile } from "./describe.ts";
import type { LocalTable } from "./local-table.ts";
import { joinSources } from "./open-source.ts";
import type { ReadingContext } from "./options.ts";
import {
  descriptorOf,
  pathFrom,
  type ReadDescriptor,
  readDescriptor,
  spoolData,
  withReferences,
} from "./read-descriptor.ts";
import { refuseSchema } from "./schema-problems.ts";

export interface DescribedTables {
  /** Properties of the package, without its resources; empty for a lone file. */
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
  const path = descriptorOf(source, context);
  if (path === undefined) return { properties: {}, tables: await describeFile(source, options, context) };
  const read = await readDescriptor(path, context);
  const { resources, ...properties } = read.descriptor;
  if (!read.isPackage) return { properties: {}, tables: await described(read.descriptor, options, read) };
  refuseProblems(packageProblems(read.descriptor, context.trusted), source);
  const tables: LocalTable[] = [];
  for (const resource of Array.isArray(resources) ? resources : [])
    tables.push(...(await described(resource, options, read)));
  return { properties, tables };
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
  const source =
    first === undefined
      ? await spoolData(data, name, from.context)
      : parts.length === 1
        ? pathFrom(first, from)
        : await joinSources(
            parts.map((part) => pathFrom(part, from)),
            from.context,
          );
  const { data: _, ...declared } = resource;
  const context =
    first === undefined || parts.length > 1 ? { ...from.context, allowLocal: true } : from.context;
  const tables = await describeFile(
    source,
    { ...options, resource: { ...declared, ...options.resource }, name },
    context,
  );
  return tables.map((table) => {
    const { path: _spool, ...found } = table.resource;
    return { ...table, resource: path === undefined ? found : { ...found, path } };
  });
}
