import { createReadStream } from "node:fs";
import { join, posix } from "node:path";
import { toAirCanError } from "../../base/errors.ts";
import { namedAs, sourceOf } from "./check.ts";
import { type LoadConf, readConf } from "./conf.ts";
import { bringHere, inTemporaryFolder, readResource, type StoredResource, writeJson } from "./files.ts";
import { type FileLoaded, loadFile } from "./load-file.ts";
import type { TableTarget } from "./table-sink.ts";
import type { LoadTaskBody, LoadTaskContext, LoadTaskResult, TaskOutput } from "./task.ts";
import { countText, kindsText } from "./texts.ts";

/**
 * `load.load`: the rows go into the table, all or none, read with the schema that the check found. A second
 * try ends with the same table: `append` knows what it has loaded already.
 */
export const load: LoadTaskBody = (context, { engine }) =>
  inTemporaryFolder(async (folder) => {
    const conf = readConf(context.conf);
    const resource = await readResource(context, "check");
    const address = posix.join(context.upstream.check ?? "", resource.path);
    const path = await bringHere(context, address, folder);
    context.log("info", `Loading ${sourceOf(resource)} into the table "${conf.name}" (${conf.mode}).`);
    try {
      const loaded = await loadFile({
        source: { ...resource, path },
        target: targetOf(context, conf, { resource, folder }),
        onError: conf.on_error,
        engine,
        options: {
          temporaryFolder: folder,
          signal: context.signal,
          onProgress: ({ rows, fraction }) => context.progress({ rows, fraction: fraction ?? null }),
        },
      });
      const descriptor = {
        ...loaded.descriptor,
        aircan: { ...resource.aircan, ...loaded.descriptor.aircan },
      };
      return await conclude(context, { ...loaded, descriptor }, conf);
    } catch (error) {
      throw namedAs(toAirCanError(error), path, sourceOf(resource));
    }
  });

function targetOf(
  { databaseUrl, address }: LoadTaskContext,
  { name, mode, key, on_error }: LoadConf,
  { resource, folder }: { readonly resource: StoredResource; readonly folder: string },
): TableTarget {
  return {
    kind: "datastore",
    database: databaseUrl,
    name,
    mode,
    key,
    source: sourceOf(resource),
    ...(mode === "append" ? { id: `${address} ${resource.hash}` } : {}),
    ...(on_error === "report" ? { errorsPath: join(folder, "errors.csv") } : {}),
  };
}

async function conclude(
  context: LoadTaskContext,
  loaded: FileLoaded,
  conf: LoadConf,
): Promise<LoadTaskResult> {
  const { table, mode, rows, inserted, updated, unchanged, rejected, seconds, errors, fields } = loaded;
  for (const { name, column } of fields)
    if (name !== column) context.log("info", `The column of "${name}" is called "${column}".`);
  const { findings: _, errorsFile, descriptor, ...result } = loaded;
  const summary = summaryOf(loaded, conf.name);
  const resource = {
    ...descriptor,
    path: `datastore://${conf.name}`,
    aircan: { ...descriptor.aircan, load: { ...result, summary } },
  };
  const outputs = [
    await writeJson(context, "resource.json", resource),
    ...(await storeErrors(context, errorsFile)),
  ];
  context.log("info", `${summary} in ${seconds} s.`);
  return {
    stats: { rows, inserted, updated, unchanged, rejected, errors, table, name: conf.name, mode },
    outputs,
    summary,
  };
}

async function storeErrors(
  { storage, address, signal }: LoadTaskContext,
  file: FileLoaded["errorsFile"],
): Promise<TaskOutput[]> {
  if (file === null) return [];
  const { bytes } = await storage.write(`${address}errors.csv`, createReadStream(file.path), signal);
  return [{ name: "errors.csv", format: "csv", rows: file.rows, bytes }];
}

/** `Loaded 12,345 rows into "cities"; 3 rows left out (3 type-error)`. */
export function summaryOf(loaded: FileLoaded, name: string): string {
  const { mode, rows, inserted, updated, unchanged, rejected, errors } = loaded;
  const parts = [
    ...(mode === "upsert"
      ? [`${countText(inserted, "row")} new, ${updated} changed, ${unchanged} unchanged`]
      : []),
    ...(rejected > 0 ? [`${countText(rejected, "row")} left out (${kindsText(errors)})`] : []),
    ...(rejected === 0 && Object.keys(errors).length > 0 ? [kindsText(errors)] : []),
  ];
  return [`Loaded ${countText(rows, "row")} into "${name}"`, ...parts].join("; ");
}
