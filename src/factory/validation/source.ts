import { realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { text } from "node:stream/consumers";
import { AirCanError } from "../../base/errors.ts";
import { hashFile } from "../../base/hash.ts";
import type { Resource } from "../../descriptor/types.ts";
import { openSource } from "../../reading/open-source.ts";
import type { ReadingContext } from "../../reading/options.ts";
import { descriptorOf } from "../../reading/read-descriptor.ts";
import type { TaskContext } from "../task.ts";

/** What the process of a validation may reach. */
export interface Reach {
  /** Hosts in private networks that may be fetched; true: all. */
  readonly allowPrivate: boolean | readonly string[];
  /** Folders of this machine whose files may be read. */
  readonly allowLocal: readonly string[];
}

/** What a validation tests. */
export interface ValidationSource {
  /** As it is given to the checks. */
  readonly sources: readonly string[];
  readonly context: ReadingContext;
  /** For a lone file: what its table is called, and its source as people may see it. */
  readonly named: { readonly name?: string; readonly place: string } | undefined;
  /** Tells this state of the source from another; undefined if that is not known. */
  readonly version: string | undefined;
  /** What the resource says of its table. */
  readonly declared: Pick<Resource, "schema" | "dialect" | "encoding" | "format">;
}

interface Opening extends Reach {
  readonly temporaryFolder: string;
  readonly maxBytes: number | undefined;
  /** True: files of web servers are kept, and fetched again only if they changed. */
  readonly keepsFiles: boolean;
}

/**
 * The source of a validation task: the file that the task `fetch` brought, else the `source` of its config, which
 * is a path beside the operator's DAG file, an address, or a list of these.
 *
 * @throws AirCanError `dag-error`, `unsafe-path`, what opening throws.
 */
export async function sourceOf(context: TaskContext, opening: Opening): Promise<ValidationSource> {
  const fetched = context.upstream.fetch;
  const { source = context.conf.source } = context.config;
  if (fetched !== undefined && source === undefined) return fetchedSource(context, fetched, opening);
  const sources = [source].flat().filter((one): one is string => typeof one === "string" && one !== "");
  if (sources.length === 0)
    throw new AirCanError("dag-error", "The validation names no source.", {
      hint: "Give its config a `source`: a path, an address, or a list of these.",
    });
  return namedSource(context, sources, opening);
}

async function fetchedSource(
  context: TaskContext,
  address: string,
  opening: Opening,
): Promise<ValidationSource> {
  // written by the task `fetch` in this shape
  const resource = JSON.parse(await text(await context.storage.read(`${address}resource.json`))) as Resource;
  const { schema, dialect, encoding, format, hash, name } = resource;
  const given = { schema, dialect, encoding, format };
  const declared = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const path = context.storage.localPath(`${address}${String(resource.path)}`);
  if (path === undefined)
    throw new AirCanError("storage-error", `Checks need a storage in a folder, not ${context.storage.root}.`);
  const original = originOf(resource);
  const reading = readingContext(context, opening);
  const remote = { ...reading, folder: dirname(path), allowLocal: false };
  // a descriptor names files beside it, which are where it came from
  if (/^https?:/i.test(original) && descriptorOf(original, remote) !== undefined)
    return { sources: [original], context: remote, named: undefined, version: undefined, declared };
  return {
    sources: [basename(path)],
    context: { ...remote, allowLocal: true },
    named: { name, place: original },
    version: hash,
    declared,
  };
}

/** Where a fetched resource came from, as people may see it. */
function originOf({ aircan, name }: Resource): string {
  const source = aircan?.source;
  return typeof source === "object" && source !== null && "path" in source ? String(source.path) : name;
}

async function namedSource(
  context: TaskContext,
  sources: readonly string[],
  opening: Opening,
): Promise<ValidationSource> {
  const reading = { ...readingContext(context, opening), ...(await credentialsFor(sources, context)) };
  if (context.file === null)
    for (const source of sources) await requireAllowed(source, reading.folder, opening.allowLocal);
  const [only = ""] = sources;
  const isLone = sources.length === 1 && descriptorOf(only, reading) === undefined;
  if (!isLone || !/^https?:/i.test(only))
    return {
      sources,
      context: reading,
      named: undefined,
      version: await versionOf(sources, reading),
      declared: {},
    };
  const { path, fileName } = await openSource(only, reading);
  const place = only.replace(/[?#].*$/, "");
  const name = fileName.replace(/\.[^.]*$/, "");
  return {
    sources: [path],
    context: { ...reading, allowLocal: true },
    named: { name, place },
    version: `sha256:${await hashFile(path)}`,
    declared: {},
  };
}

/** An operator's DAG file is trusted; what comes by the API reads only what the server allows. */
function readingContext(context: TaskContext, opening: Opening): ReadingContext {
  const home = context.file === null ? undefined : dirname(context.file);
  const cacheFolder = context.storage.localPath(".sources");
  return {
    folder: home ?? opening.temporaryFolder,
    trusted: home !== undefined,
    allowPrivate: home !== undefined || opening.allowPrivate,
    allowLocal: home !== undefined || opening.allowLocal.length > 0,
    temporaryFolder: opening.temporaryFolder,
    signal: context.signal,
    ...(cacheFolder !== undefined && opening.keepsFiles ? { cacheFolder } : {}),
    ...(opening.maxBytes === undefined ? {} : { maxBytes: opening.maxBytes }),
  };
}

/** Only an operator's DAG file may send a secret, and only to the server of its first source. */
async function credentialsFor(
  [source = ""]: readonly string[],
  context: TaskContext,
): Promise<Pick<ReadingContext, "credentials">> {
  const { secret } = context.config;
  if (context.file === null || typeof secret !== "string" || !URL.canParse(source)) return {};
  return { credentials: { origin: new URL(source).origin, value: await context.secret(secret) } };
}

async function requireAllowed(source: string, folder: string, allowed: readonly string[]): Promise<void> {
  if (/^https?:\/\//i.test(source)) return;
  const path = isAbsolute(source) ? source : join(folder, source);
  const real = await realpath(path).catch(() => path);
  const folders = await Promise.all(allowed.map((one) => realpath(one).catch(() => resolve(one))));
  if (folders.some((one) => real.startsWith(one + sep))) return;
  throw new AirCanError("unsafe-path", `${source} is a path on the server, which is not allowed here.`, {
    hint: "Give a URL or upload the file; or allow a folder with AIRCAN_ALLOW_LOCAL.",
  });
}

/** Size and time of local files: enough to tell whether somebody wrote them. */
async function versionOf(
  sources: readonly string[],
  { folder }: ReadingContext,
): Promise<string | undefined> {
  const facts = await Promise.all(
    sources.map((source) => stat(resolve(folder, source)).catch(() => undefined)),
  );
  const known = facts.flatMap((one) => (one?.isFile() ? [`${one.mtimeMs} ${one.size}`] : []));
  return known.length === sources.length ? known.join() : undefined;
}
