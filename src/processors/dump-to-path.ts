import { createHash } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import { canonicalJson, hashWhileWritten } from "../base/hash.ts";
import { makeTemporaryFolder } from "../base/temporary-folder.ts";
import type { Package, Resource } from "../descriptor/types.ts";
import { defineProcessor } from "../flow/define.ts";
import { selected, selector } from "../flow/selector.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { PlannedResource, StagedOutput } from "../plan/package-plan.ts";
import { writtenResource } from "../reading/written.ts";
import { commitFiles, finishCommit } from "../storage/commit-files.ts";
import { writeError } from "../storage/local.ts";

const format = z.enum(["csv", "json", "ndjson", "parquet"]);
type Format = z.output<typeof format>;

/** Writes a data package into a folder: one file for each resource, and datapackage.json. */
export const dumpToPath = defineProcessor({
  name: "dump_to_path",
  title: "Dump to path",
  summary:
    "Writes the resources as a data package into a folder; the old files stay until the new ones are complete.",
  category: "sink",
  safe: false,
  arguments: ["path"],
  config: z.strictObject({
    path: z.string().default(".").describe("The folder; made if it is not there."),
    format: format.optional().describe("Format of the files; by the resource's path, else csv."),
    pretty_descriptor: z.boolean().default(true).describe("Whether datapackage.json is indented."),
    resources: selector,
  }),
  examples: [],
  plan: (input, config, { at, folder }) => {
    const target = resolve(folder, config.path);
    const chosen = selected(input, config.resources);
    const files = chosen.map((resource) => ({ resource, ...fileOf(resource.descriptor, config.format) }));
    refuseSamePath(files.map(({ path }) => path));
    const sink = {
      at,
      input: chosen,
      summary: `${files.map(({ path }) => path).join(", ") || "no files"} in ${target}`,
      stage: (run: EngineRun) =>
        stage({ run, files, target, properties: input.properties, indent: config.pretty_descriptor ? 2 : 0 }),
    };
    return { ...input, sinks: [...input.sinks, sink] };
  },
});

interface File {
  readonly resource: PlannedResource;
  readonly path: string;
  readonly format: Format;
}

/** Where a resource goes: its own relative path with the extension of the format. */
function fileOf({ name, path }: Resource, told: Format | undefined): { path: string; format: Format } {
  const given = typeof path === "string" && !/^[a-z]+:\/\//i.test(path) ? basename(path) : name;
  const stem = given.replace(/\.(gz|zst)$/i, "");
  const own = format.safeParse(extname(stem).slice(1).replace("jsonl", "ndjson"));
  const chosen = told ?? (own.success ? own.data : "csv");
  return { path: `${stem.slice(0, stem.length - extname(stem).length) || name}.${chosen}`, format: chosen };
}

function refuseSamePath(paths: readonly string[]): void {
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice)
    throw new AirCanError("config-error", `Two resources would be written to ${twice}.`, {
      hint: "Give one of them another name or path.",
    });
}

interface Staging {
  readonly run: EngineRun;
  readonly files: readonly File[];
  readonly target: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly indent: number;
}

async function stage({ run, files, target, properties, indent }: Staging): Promise<StagedOutput> {
  const staging = await stagingFolder(target);
  try {
    const resources: Resource[] = [];
    for (const file of files) resources.push(await writeFileOf(file, staging, run));
    const descriptor = withTotals(properties, resources);
    await writeFile(join(staging, "datapackage.json"), `${JSON.stringify(descriptor, null, indent)}\n`, {
      flush: true,
    });
    return {
      resources: Object.fromEntries(
        resources.map(({ name, rows = 0, bytes = 0, hash = "" }) => [name, { rows, bytes, hash }]),
      ),
      stats: {
        count_of_rows: descriptor.count_of_rows,
        bytes: descriptor.bytes,
        hash: descriptor.hash,
        ...(descriptor.name ? { dataset_name: descriptor.name } : {}),
      },
      descriptor,
      commit: () => commitFiles(staging, target, [...files.map(({ path }) => path), "datapackage.json"]),
      discard: () => rm(staging, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

async function stagingFolder(target: string): Promise<string> {
  try {
    await mkdir(target, { recursive: true });
    await finishCommit(target);
    return await makeTemporaryFolder(target, ".aircan");
  } catch (error) {
    throw writeError(error, target);
  }
}

async function writeFileOf(
  { resource, path, format: written }: File,
  staging: string,
  run: EngineRun,
): Promise<Resource> {
  const local = join(staging, path);
  await mkdir(dirname(local), { recursive: true });
  const { result, hash } = await hashWhileWritten(
    local,
    () => run.copyToFile(resource.relation, local, written),
    "md5",
  );
  const fields = await run.fields(resource.relation);
  const facts = {
    path,
    format: written,
    rows: result.rows,
    bytes: (await stat(local)).size,
    hash,
  };
  return writtenResource(
    { ...resource.descriptor, schema: { ...resource.descriptor.schema, fields } },
    facts,
  );
}

function withTotals(properties: Readonly<Record<string, unknown>>, resources: readonly Resource[]): Package {
  const sum = (key: "rows" | "bytes") =>
    resources.reduce((total, resource) => total + Number(resource[key] ?? 0), 0);
  const { aircan: _, ...described } = properties; // of how it was read
  const totals = { ...described, resources, count_of_rows: sum("rows"), bytes: sum("bytes") };
  return {
    ...totals,
    hash: createHash("md5")
      .update(canonicalJson({ ...totals, hash: undefined }))
      .digest("hex"),
  };
}
