import { readFile } from "node:fs/promises";
import { dirname, isAbsolute } from "node:path";
import { AirCanError, messageOf } from "../base/errors.ts";
import { normaliseResource } from "../descriptor/normalise.ts";
import type { Resource } from "../descriptor/types.ts";
import { type DescribeOptions, describeFile } from "./describe.ts";
import type { LocalTable } from "./local-table.ts";
import { isUrl, openSource } from "./open-source.ts";
import type { ReadingContext } from "./options.ts";

export interface DescribedTables {
  /** Properties of the package, without its resources; empty for a lone file. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly tables: readonly LocalTable[];
}

/**
 * The tables of a source: a file or URL is one; a data package (its `datapackage.json`, or the folder of
 * it) or a resource descriptor gives those that it names.
 *
 * @throws AirCanError as `describeFile`; `package-error`, `resource-error`, `unsafe-path` for descriptors.
 */
export async function describeTables(
  source: string | Resource,
  options: DescribeOptions,
  context: ReadingContext,
): Promise<DescribedTables> {
  if (typeof source !== "string")
    return { properties: {}, tables: [await describeResource(source, options, context)] };
  if (!/(^|\/)(datapackage|resource|dataresource)\.json$/i.test(source.replace(/\?.*$/, "")))
    return { properties: {}, tables: [await describeFile(source, options, context)] };
  const descriptor = await readDescriptor(source, context);
  const inside = {
    ...context,
    folder: isUrl(source) ? context.folder : dirname((await openSource(source, context)).path),
  };
  const base = isUrl(source) ? source : undefined;
  if (!Array.isArray(descriptor.resources))
    return {
      properties: {},
      tables: [await describeResource(normaliseResource(descriptor), options, inside, base)],
    };
  const { resources, ...properties } = descriptor;
  const tables: LocalTable[] = [];
  for (const [i, resource] of descriptor.resources.entries()) {
    if (!isObject(resource))
      throw new AirCanError("package-error", `${source}: resource ${i + 1} is no object.`, {
        where: { pointer: `/resources/${i}` },
      });
    tables.push(await describeResource(normaliseResource(resource), options, inside, base));
  }
  return { properties, tables };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

async function readDescriptor(source: string, context: ReadingContext): Promise<Record<string, unknown>> {
  const { path } = await openSource(source, context);
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (isObject(value)) return value;
  } catch (error) {
    throw new AirCanError("package-error", `${source} is not valid JSON: ${messageOf(error)}.`, {
      cause: error,
      where: { source },
    });
  }
  throw new AirCanError("package-error", `${source} is no JSON object.`, { where: { source } });
}

async function describeResource(
  resource: Resource,
  options: DescribeOptions,
  context: ReadingContext,
  base?: string,
): Promise<LocalTable> {
  const path = typeof resource.path === "string" ? resource.path : resource.path?.[0];
  if (path === undefined)
    throw new AirCanError("resource-error", `The resource "${resource.name}" has no path.`, {
      where: { resource: resource.name },
    });
  refuseUnsafe(path, context);
  const table = await describeFile(
    base && !isUrl(path) ? new URL(path, base).href : path,
    { ...options, resource, name: resource.name },
    context,
  );
  return { ...table, resource: { ...table.resource, path } };
}

function refuseUnsafe(path: string, { trusted }: ReadingContext): void {
  const unsafe = isAbsolute(path) || path.split(/[\\/]/).includes("..") || /^(file:|~)/i.test(path);
  if (!unsafe || trusted) return;
  throw new AirCanError("unsafe-path", `The descriptor names "${path}", which leads out of its folder.`, {
    hint: "Give `--trusted` if you trust this descriptor.",
    where: { path },
  });
}
