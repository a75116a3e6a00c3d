import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { AirCanError } from "../../base/errors.ts";
import type { Resource } from "../../descriptor/types.ts";
import { writeError } from "../../storage/local.ts";
import type { LoadTaskContext, TaskOutput } from "./task.ts";

/** A resource as a load task leaves it for the next: `path` is a file below the task's own address. */
export type StoredResource = Resource & { readonly path: string };

/** Writes a JSON file below the task's address. */
export async function writeJson(
  { storage, address, signal }: LoadTaskContext,
  name: string,
  value: unknown,
): Promise<TaskOutput> {
  const { bytes } = await storage.write(`${address}${name}`, `${JSON.stringify(value, null, 2)}\n`, signal);
  return { name, format: "json", bytes };
}

/** The `resource.json` of the task before; its `path` becomes an address of the storage. */
export async function readResource(
  { storage, upstream }: LoadTaskContext,
  task: string,
): Promise<StoredResource> {
  const folder = upstream[task];
  if (folder === undefined)
    throw new AirCanError("dag-error", `A load task comes after "${task}", which is not there.`);
  // written by the task before, in `writeJson`
  return JSON.parse(await text(await storage.read(`${folder}resource.json`))) as StoredResource;
}

/** Work in a temporary folder that is gone afterwards. */
export async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-load-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The path of a stored file on this machine; one that lies elsewhere is brought into the folder first. */
export async function bringHere(
  { storage, signal }: LoadTaskContext,
  address: string,
  folder: string,
): Promise<string> {
  const path = storage.localPath(address);
  if (path !== undefined) return path;
  const target = join(folder, address.slice(address.lastIndexOf("/") + 1));
  try {
    await pipeline(await storage.read(address), createWriteStream(target), { signal });
    return target;
  } catch (error) {
    throw error instanceof AirCanError ? error : writeError(error, target);
  }
}
