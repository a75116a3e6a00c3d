import { resolve } from "node:path";
import { AirCanError } from "../base/errors.ts";
import { normaliseResource, normaliseSchema } from "../descriptor/normalise.ts";
import { type DescriptorProblem, isJsonObject, type JsonObject } from "../descriptor/problem.ts";
import type { Resource, Schema } from "../descriptor/types.ts";
import { packageProblems, resourceProblems } from "../descriptor/validate.ts";
import { withCredentials } from "../reading/credentials.ts";
import { describeFile, nameOf } from "../reading/describe.ts";
import { describeResource } from "../reading/describe-tables.ts";
import { describedIn } from "../reading/described-in.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { isUrl, openSource } from "../reading/open-source.ts";
import type { ReadingContext, ReadingOptions } from "../reading/options.ts";
import {
  descriptorOf,
  pathFrom,
  type ReadDescriptor,
  readDescriptor,
  readJsonObject,
  withReferences,
} from "../reading/read-descriptor.ts";
import { allSchemaProblems, valueProblems } from "../reading/schema-problems.ts";
import { isPattern, matchingSources } from "../reading/sources/matching.ts";
import { openDescriptor } from "../reading/zip-package.ts";
import { withoutPassword } from "../storage/without-password.ts";
import type { FileFacts } from "./file-facts.ts";
import { profileProblems } from "./profile.ts";
import { relatedTables } from "./related-tables.ts";
import type { ReportError } from "./report.ts";
import { metadataError, sourceError } from "./report-error.ts";
import type { Related } from "./table-test.ts";

/** One table to test: a file, or a resource of a descriptor. */
export interface Target {
  readonly name: string;
  /** Where it is, as a person would look for it. */
  readonly place: string;
  /** What is wrong with its metadata. With an error among them it is not opened. */
  readonly problems: readonly ReportError[];
  readonly schema: Schema | undefined;
  /** What the descriptor says of the file; nothing for a lone file. */
  readonly facts: FileFacts;
  /** Its tables: one, unless the file holds several and more than one is asked for. */
  readonly open: () => Promise<readonly LocalTable[]>;
  /** The tables that it may refer to; undefined for a lone file. */
  readonly related?: Related | undefined;
}

export interface Targets {
  readonly targets: readonly Target[];
  /** What is wrong with the source as a whole. */
  readonly errors: readonly ReportError[];
}

interface Opening extends ReadingOptions {
  readonly context: ReadingContext;
}

/** The tables of one source: itself, or those that its descriptor names. */
export async function openTargets(source: string | Resource, told: Opening): Promise<Targets> {
  const context = await withCredentials(source, told, told.context);
  const options = { ...told, context };
  if (typeof source !== "string")
    return {
      targets: [
        await resourceTarget(
          source,
          { source: "", descriptor: source, isPackage: false, context, base: undefined },
          options,
        ),
      ],
      errors: [],
    };
  if (isSchemaFile(source, context))
    return { targets: [], errors: (await readSchema(source, context)).errors };
  try {
    const read = await openDescriptor(source, options, context);
    if (read === undefined) return { targets: await fileTargets(source, options), errors: [] };
    return await descriptorTargets(read, options);
  } catch (error) {
    if (!(error instanceof AirCanError)) throw error;
    return { targets: [], errors: [sourceError(error, source)] };
  }
}

const isSchemaFile = (source: string, { folder, allowLocal }: ReadingContext): boolean =>
  allowLocal && !isUrl(source) && describedIn(resolve(folder, source)) === "schema";

/** A file, or each of those that a pattern means; of each its tables. */
async function fileTargets(source: string, options: Opening): Promise<readonly Target[]> {
  const { context } = options;
  const sources = isPattern(source, context) ? await matchingSources(source, context) : [source];
  const targets: Target[] = [];
  for (const each of sources) targets.push(...(await tableTargets(fileTarget(each, options), options)));
  return targets;
}

/** A file as a whole, or each of its tables where the options may mean several. */
async function tableTargets(file: Target, options: Opening): Promise<readonly Target[]> {
  const { sheet, table, member } = options;
  if (![sheet, table, member].some((told) => /[*?]/.test(String(told ?? "")))) return [file];
  const tables = await file.open().catch(() => []); // what is wrong with it is said when it is tested
  if (tables.length < 2) return [file];
  return tables.map((each) => ({
    ...file,
    name: each.resource.name,
    place: placeIn(file.place, each),
    open: async () => [each],
  }));
}

/** Where a table is: its file, with its path in it if that is an archive. */
export function placeIn(place: string, { resource: { innerpath } }: LocalTable): string {
  return typeof innerpath === "string" && !place.endsWith(`/${innerpath}`) ? `${place}/${innerpath}` : place;
}

function fileTarget(source: string, options: Opening): Target {
  return {
    name:
      source === "-"
        ? "stdin"
        : nameOf(
            source
              .replace(/[?#].*$/, "")
              .split("/")
              .at(-1) ?? source,
          ),
    place: withoutPassword(source),
    problems: [],
    schema: undefined,
    facts: {},
    open: () => describeFile(source, options, options.context),
  };
}

async function descriptorTargets(read: ReadDescriptor, options: Opening): Promise<Targets> {
  const { resources } = read.descriptor;
  const { trusted } = read.context;
  if (!read.isPackage) return { targets: [await resourceTarget(read.descriptor, read, options)], errors: [] };
  const ofPackage = packageProblems(read.descriptor, trusted).filter(
    ({ code, pointer }) =>
      code === "package-error" || !/^\/resources\/\d+/.test(pointer) || pointer.endsWith("/name"),
  );
  const targets: Target[] = [];
  const related = relatedTables(
    () => targets,
    (path) => packageTargets(path, read, options),
  );
  for (const [i, resource] of (Array.isArray(resources) ? resources : []).entries())
    targets.push({
      ...(await resourceTarget(resource, read, { ...options, pointer: `/resources/${i}` })),
      related,
    });
  const problems = [...ofPackage, ...(await profileProblems(read))];
  return { targets, errors: problems.map((problem) => metadataError(problem, read.source)) };
}

/** The targets of another package, which a foreign key names. */
async function packageTargets(
  path: string,
  from: ReadDescriptor,
  options: Opening,
): Promise<readonly Target[]> {
  const { context } = from;
  const source = pathFrom(path, from);
  const read = await readDescriptor(descriptorOf(source, context) ?? source, context);
  return (await descriptorTargets(read, options)).targets;
}

async function resourceTarget(
  written: unknown,
  from: ReadDescriptor,
  options: Opening & { readonly pointer?: string },
): Promise<Target> {
  const { pointer = "" } = options;
  const place = placeOf(written, from.source);
  const name = isJsonObject(written) && typeof written.name === "string" ? written.name : "";
  const closed: Omit<Target, "problems"> = {
    name,
    place,
    schema: undefined,
    facts: {},
    open: () => Promise.reject(new Error("not opened")),
  };
  const failed = (problems: readonly DescriptorProblem[]): ReportError[] =>
    problems.map((problem) => metadataError(problem, from.source || place));
  const before = resourceProblems(written, from.context.trusted, pointer);
  if (!isJsonObject(written)) return { ...closed, problems: failed(before) };
  if (before.some(({ severity }) => severity === undefined))
    return { ...closed, problems: failed(wholeProblems(written, from.context.trusted, pointer)) };
  try {
    const whole = await withReferences(written, from);
    const { schema, ...resource } = normaliseResource(whole);
    const names = options.names ?? schema?.fields.map(({ name }) => name);
    return {
      ...closed,
      problems: failed(wholeProblems(whole, from.context.trusted, pointer)),
      schema,
      facts: resource,
      open: () => describeResource(resource, { ...options, names }, from),
    };
  } catch (error) {
    if (!(error instanceof AirCanError)) throw error;
    return { ...closed, problems: [sourceError(error, from.source || place)] };
  }
}

/** What is wrong with a resource that holds its schema; values of constraints are looked at where all else of their field is right. */
function wholeProblems(resource: JsonObject, trusted: boolean, pointer: string): DescriptorProblem[] {
  const problems = resourceProblems(resource, trusted, pointer);
  if (!isJsonObject(resource.schema)) return problems;
  return [...problems, ...valueProblems(resource.schema, `${pointer}/schema`, problems)];
}

function placeOf(resource: unknown, source: string): string {
  if (!isJsonObject(resource)) return source;
  const path = Array.isArray(resource.path) ? resource.path.join(", ") : (resource.path ?? resource.url);
  return typeof path === "string" ? path : "memory";
}

/** The schema that all sources are tested by, or what is wrong with it. */
export async function readSchema(
  told: string | JsonObject,
  context: ReadingContext,
): Promise<{ schema?: Schema; errors: readonly ReportError[] }> {
  const place = typeof told === "string" ? told : "schema";
  try {
    const written =
      typeof told === "string"
        ? await readJsonObject((await openSource(told, context)).path, told, "schema-error")
        : told;
    const problems = allSchemaProblems(written);
    const errors = problems.map((problem) => metadataError(problem, place));
    return problems.some(({ severity }) => severity === undefined)
      ? { errors }
      : { schema: normaliseSchema(written), errors };
  } catch (error) {
    if (!(error instanceof AirCanError)) throw error;
    return { errors: [{ ...sourceError(error, place), type: "schema-error" }] };
  }
}
