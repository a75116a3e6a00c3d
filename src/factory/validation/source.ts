import { realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { AirCanError, toAirCanError } from "../../base/errors.ts";
import { hashFile } from "../../base/hash.ts";
import { isJsonObject, type JsonObject } from "../../descriptor/problem.ts";
import { openSource } from "../../reading/open-source.ts";
import type { Fetching, ReadingContext } from "../../reading/options.ts";
import { descriptorOf } from "../../reading/read-descriptor.ts";
import { shownAddress } from "../../reading/sources/registry.ts";
import { normaliseAddress } from "../../storage/address.ts";
import type { TaskContext } from "../task.ts";

/** What the process of a validation may reach. */
export interface Reach {
  /** Hosts in private networks that may be fetched; true: all. */
  readonly allowPrivate: boolean | readonly string[];
  /** Folders of this machine whose files may be read. */
  readonly allowLocal: readonly string[];
  /** Sizes and times of sources from elsewhere. */
  readonly fetching?: Fetching;
}

/** What a validation tests. */
export interface ValidationSource {
  /** As it is given to the checks. */
  readonly sources: readonly string[];
  readonly context: ReadingContext;
  /** For a lone file: what its table is called, and its source as people may see it. */
  readonly named: { readonly name?: string; readonly place: string } | undefined;
  /** Tells this state of the source from another; undefined if that is not known. */
  readonly version: () => Promise<string | undefined>;
  /** What a resource says of its table: schema, dialect, encoding, format. */
  readonly declared: JsonObject;
  /** Why the source could not be brought here. */
  readonly unreadable?: AirCanError;
}

interface Opening extends Reach {
  readonly temporaryFolder: string;
  readonly maxBytes: number | undefined;
  /** True: files of web servers are kept, and fetched again only if they changed. */
  readonly keepsFiles: boolean;
}

/**
 * The source of a validation: the `source` of the task's config (a path beside the operator's DAG file, an
 * address, or a list of these), or the `resource` of the run's conf, whose path is an address on the web or, for
 * an upload, in the storage.
 *
 * @throws AirCanError `params-error`, `unsafe-path`.
 */
export async function sourceOf(context: TaskContext, opening: Opening): Promise<ValidationSource> {
  const { source = context.conf.source } = context.config;
  const sources = [source].flat().filter((one): one is string => typeof one === "string" && one !== "");
  if (sources.length > 0) return namedSource(context, sources, opening);
  const { resource } = context.conf;
  if (isJsonObject(resource) && typeof resource.path === "string" && resource.path !== "")
    return resourceSource(context, { ...resource, path: resource.path }, opening);
  throw new AirCanError("params-error", "The validation names no source.", {
    hint: "Give its config a `source`: a path, an address, or a list of these.",
  });
}

async function namedSource(
  context: TaskContext,
  sources: readonly string[],
  opening: Opening,
): Promise<ValidationSource> {
  const reading = { ...readingContext(context, opening), ...(await credentialsFor(sources, context)) };
  if (context.file === null) await requireAllowed(sources, opening.allowLocal);
  const [only = ""] = sources;
  if (sources.length === 1 && isRemoteFile(only) && descriptorOf(only, reading) === undefined)
    return webFile(only, reading, { declared: {} });
  return {
    sources,
    context: reading,
    named: undefined,
    version: () => versionOf(sources, reading),
    declared: {},
  };
}

/** Files of other machines, which are brought here first. Databases are none. */
const isRemoteFile = (source: string): boolean => /^(https?|s3|gs|ftps?|data):/i.test(source);

async function resourceSource(
  context: TaskContext,
  resource: JsonObject & { readonly path: string },
  opening: Opening,
): Promise<ValidationSource> {
  const { path } = resource;
  const kept = ["schema", "dialect", "encoding", "format"].filter((name) => resource[name] != null);
  const declared = Object.fromEntries(kept.map((name) => [name, resource[name]]));
  const given = context.conf.name ?? resource.name;
  const about = { declared, ...(typeof given === "string" ? { name: given } : {}) };
  const reading = { ...readingContext(context, opening), trusted: false };
  const isRemote = /^[a-z][a-z0-9+.-]*:/i.test(path);
  if (isRemote || isAbsolute(path)) await requireAllowed([path], opening.allowLocal);
  if (isRemote && descriptorOf(path, reading) !== undefined)
    return { ...about, sources: [path], context: reading, named: undefined, version: async () => undefined };
  if (isRemote) return webFile(path, reading, about);
  const local = isAbsolute(path) ? path : await storedFile(path, context);
  return localFile(local, reading, { ...about, place: basename(path) });
}

/** The path of an upload. */
async function storedFile(path: string, { storage }: TaskContext): Promise<string> {
  const address = normaliseAddress(path);
  const local = storage.localPath(address);
  if (local === undefined)
    throw new AirCanError("storage-error", `Checks need a storage in a folder, not ${storage.root}.`);
  if (await storage.stat(address)) return local;
  throw new AirCanError("scheme-error", `There is no upload at ${address}.`, {
    hint: "Upload the file again, or give a URL.",
    where: { address },
  });
}

interface About {
  readonly declared: JsonObject;
  readonly name?: string;
}

/** A file of another machine, brought to this one. */
async function webFile(source: string, reading: ReadingContext, about: About): Promise<ValidationSource> {
  const place = shownAddress(source);
  try {
    const { path, fileName } = await openSource(source, reading);
    const name = about.name ?? fileName.replace(/\.[^.]*$/, "");
    return localFile(path, reading, { ...about, name, place });
  } catch (error) {
    if (reading.signal.aborted) throw error;
    const named = {
      name: about.name ?? (basename(place.replace(/\?…$/, "")).replace(/\.[^.]*$/, "") || "data"),
      place,
    };
    const version = async () => undefined;
    const unreadable = toAirCanError(error);
    return { sources: [source], context: reading, named, version, declared: about.declared, unreadable };
  }
}

/** A file on this machine, which a descriptor in it may not leave the folder of. */
function localFile(
  path: string,
  reading: ReadingContext,
  { declared, place, name }: About & { readonly place: string },
): ValidationSource {
  return {
    sources: [basename(path)],
    context: { ...reading, folder: dirname(path), trusted: false, allowLocal: true },
    named: { place, ...(name === undefined ? {} : { name }) },
    version: async () => `sha256:${await hashFile(path)}`,
    declared,
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
    isServer: home === undefined,
    temporaryFolder: opening.temporaryFolder,
    signal: context.signal,
    ...opening.fetching,
    onBytes: ({ done, total }) => context.progress({ rows: 0, fraction: total ? done / total : null }),
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

/** What came by the API may name files of other machines, and of the folders here that are allowed. */
async function requireAllowed(sources: readonly string[], allowed: readonly string[]): Promise<void> {
  const folders = await Promise.all(allowed.map((one) => realpath(one).catch(() => resolve(one))));
  for (const source of sources) {
    if (isRemoteFile(source)) continue;
    const path = source.replace(/^file:\/\//, "");
    const real = isAbsolute(path) ? await realpath(path).catch(() => path) : undefined;
    if (real !== undefined && folders.some((one) => join(real).startsWith(one + sep))) continue;
    throw new AirCanError("unsafe-path", `${source} is the server's to read, which is not allowed here.`, {
      hint: "Give an http(s) address or upload the file; or allow a folder with AIRCAN_ALLOW_LOCAL.",
    });
  }
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
