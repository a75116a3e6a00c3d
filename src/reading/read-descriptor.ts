import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AirCanError } from "../base/errors.ts";
import { inPackage } from "../descriptor/normalise.ts";
import { isJsonObject, type JsonObject } from "../descriptor/problem.ts";
import { unsafeReason } from "../descriptor/safe-path.ts";
import { isYaml, parseDescriptor, rememberCopy } from "../descriptor/source-text.ts";
import { finishCommit } from "../storage/commit-files.ts";
import { describedIn } from "./described-in.ts";
import { isUrl, openSource } from "./open-source.ts";
import type { ReadingContext } from "./options.ts";
import { addressBeside } from "./sources/registry.ts";

/** A descriptor as it was written, and from where the paths in it go. */
export interface ReadDescriptor {
  readonly source: string;
  readonly descriptor: JsonObject;
  /** True if it is of a package, else of one resource. */
  readonly isPackage: boolean;
  /** Its folder is the descriptor's. */
  readonly context: ReadingContext;
  /** The address that relative paths belong to, where the descriptor was fetched. */
  readonly base: string | undefined;
}

const descriptorName = /(^|[/.])(datapackage|package|resource|dataresource)\.(json|ya?ml)$/i;

/**
 * The descriptor that a source is: a file of such a name, a local file of JSON or YAML that holds one, or a
 * folder with a `datapackage.json`; else undefined.
 */
export function descriptorOf(source: string, { folder, allowLocal }: ReadingContext): string | undefined {
  if (descriptorName.test(source.replace(/[?#].*$/, ""))) return source;
  if (isUrl(source) || source === "-") return undefined;
  const kind = allowLocal ? describedIn(resolve(folder, source)) : undefined;
  if (kind === "package" || kind === "resource") return source;
  return ["json", "yaml", "yml"]
    .map((extension) => join(source, `datapackage.${extension}`))
    .find((inside) => existsSync(resolve(folder, inside)));
}

/**
 * Reads a package or resource descriptor, which messages call as told.
 *
 * @throws AirCanError `scheme-error`, `package-error`.
 */
export async function readDescriptor(
  source: string,
  context: ReadingContext,
  shown = source,
): Promise<ReadDescriptor> {
  const { path } = await openSource(source, context);
  const base = isUrl(source) ? source : undefined;
  if (base === undefined) await finishCommit(dirname(path)); // one that was writing the package may have been killed
  const descriptor = await readJsonObject(path, shown, "package-error");
  const { resources, path: file, url, data } = descriptor;
  const isPackage =
    resources !== undefined || (/package\.(json|ya?ml)/i.test(source) && (file ?? url ?? data) === undefined);
  return {
    source: shown,
    descriptor,
    isPackage,
    base,
    context: base ? besideFetched(context, base) : { ...context, folder: dirname(path) },
  };
}

/** What a descriptor from elsewhere may have read, unless it is trusted: of private networks its own host only. */
function besideFetched(context: ReadingContext, base: string): ReadingContext {
  if (context.trusted || context.allowPrivate !== true || !URL.canParse(base)) return context;
  return { ...context, allowPrivate: [new URL(base).hostname] };
}

/** A JSON or YAML object in a file. `source` is how messages call it. @throws AirCanError of the given code. */
export async function readJsonObject(
  path: string,
  source: string,
  code: "package-error" | "schema-error" | "dialect-error",
): Promise<JsonObject> {
  const read = parseDescriptor(source, await readFile(path, "utf8"));
  if (!("value" in read)) {
    const { line, column } = read.place ?? {};
    const at = read.place ? `, line ${line}, column ${column}` : "";
    const kind = isYaml(source) ? "YAML" : "JSON";
    throw new AirCanError(code, `${source}${at}: it is not valid ${kind}: ${read.message}.`, {
      where: { source, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
    });
  }
  if (isJsonObject(read.value)) return read.value;
  throw new AirCanError(code, `${source} is no ${isYaml(source) ? "YAML" : "JSON"} object.`, {
    where: { source },
  });
}

/** A resource with the schema and the dialect that it names by path put in their places, and what its package says. */
export async function withReferences(
  resource: JsonObject,
  from: Pick<ReadDescriptor, "context" | "base" | "descriptor" | "isPackage">,
): Promise<JsonObject> {
  const { schema, dialect } = resource;
  return rememberCopy(resource, {
    ...(from.isPackage ? inPackage(resource, from.descriptor) : resource),
    ...(typeof schema === "string" ? { schema: await referred(schema, "schema-error", from) } : {}),
    ...(typeof dialect === "string" ? { dialect: await referred(dialect, "dialect-error", from) } : {}),
  });
}

async function referred(
  path: string,
  code: "schema-error" | "dialect-error",
  from: Pick<ReadDescriptor, "context" | "base">,
): Promise<JsonObject> {
  const opened = await openSource(pathFrom(path, from), from.context).catch((error: unknown) => {
    throw error instanceof AirCanError
      ? new AirCanError(code, error.message, { hint: error.hint, cause: error, where: { path } })
      : error;
  });
  return readJsonObject(opened.path, path, code);
}

/**
 * Where a path of a descriptor leads.
 *
 * @throws AirCanError `unsafe-path` for what a descriptor that is not trusted may not name.
 */
export function pathFrom(path: string, { context, base }: Pick<ReadDescriptor, "context" | "base">): string {
  const reason = context.trusted ? undefined : unsafeReason(path);
  if (reason !== undefined)
    throw new AirCanError("unsafe-path", `The descriptor names "${path}", which ${reason}.`, {
      hint: "Give `--trusted` if you trust this descriptor.",
      where: { path },
    });
  return base !== undefined && !isUrl(path) ? addressBeside(base, path) : path;
}

/** Rows that stand in a descriptor itself, as a file that can be read. Lists of lists begin with the names. */
export async function spoolData(data: unknown, name: string, context: ReadingContext): Promise<string> {
  if (!Array.isArray(data))
    throw new AirCanError("resource-error", `The data of "${name}" is no list of rows.`, {
      where: { resource: name },
    });
  const [names, ...rest] = data;
  const rows: unknown[] = Array.isArray(names)
    ? rest.map((row) =>
        Array.isArray(row) ? Object.fromEntries(names.map((key, i) => [String(key), row[i] ?? null])) : row,
      )
    : data;
  const path = join(context.temporaryFolder, `data-${spools++}.json`);
  await writeFile(path, JSON.stringify(rows));
  return path;
}

let spools = 0;
