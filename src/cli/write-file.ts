import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import { defineProcessor } from "../flow/define.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { PlannedResource, StagedOutput } from "../plan/package-plan.ts";
import { writeError } from "../storage/local.ts";
import { outputPlace } from "./output-place.ts";

/** The formats that a single file can be written in, and the file names that mean them. */
export const fileFormats = {
  csv: /\.csv(\.gz)?$/i,
  json: /\.json$/i,
  ndjson: /\.(ndjson|jsonl)$/i,
  parquet: /\.parquet$/i,
} as const;

export type FileFormat = keyof typeof fileFormats;

/** The format of a target: told, or by its file name. @throws AirCanError `format-error` with the known ones. */
export function formatOfTarget(target: string, told: string | undefined): FileFormat {
  const names = Object.keys(fileFormats) as FileFormat[]; // the keys are the formats
  const format = names.find((name) => (told === undefined ? fileFormats[name].test(target) : name === told));
  if (format) return format;
  throw new AirCanError(
    "config-error",
    told === undefined
      ? `The name ${target} does not tell a format that can be written; known are ${names.join(", ")}.`
      : `The format "${told}" cannot be written; known are ${names.join(", ")}.`,
    { hint: "Name the target with one of these extensions, or give `--to-format`." },
  );
}

/** Writes the only resource to one file, or to standard output: staged beside its place, then one rename. */
export const writeFile = defineProcessor({
  name: "write_file",
  title: "Write a file",
  summary: "Writes one resource to one file.",
  category: "sink",
  safe: false,
  arguments: ["path"],
  config: z.strictObject({ path: z.string(), format: z.enum(["csv", "json", "ndjson", "parquet"]) }),
  examples: [],
  plan: (input, { path, format }, { at }) => {
    const [resource, another] = input.resources.filter(({ descriptor }) => descriptor.name !== "errors");
    if (resource === undefined || another !== undefined) {
      throw new AirCanError(
        "config-error",
        `${path} can hold one table, but there are: ${input.resources.map(({ descriptor }) => descriptor.name).join(", ")}.`,
        { hint: "Name one with `--sheet`, `--table` or `--member`, or write a data package with a flow." },
      );
    }
    const sink = {
      at,
      input: [resource],
      summary: `writes ${format} to ${path}`,
      stage: (run: EngineRun) => stageFile(run, resource, { path, format }),
    };
    return { ...input, sinks: [...input.sinks, sink] };
  },
});

interface Target {
  readonly path: string;
  readonly format: FileFormat;
}

async function stageFile(
  run: EngineRun,
  { relation, descriptor }: PlannedResource,
  { path: named, format }: Target,
): Promise<StagedOutput> {
  const { path, isStream } = named === "-" ? { path: named, isStream: true } : await outputPlace(named);
  const staged = isStream
    ? join(run.temporaryFolder, `stream.${format}`)
    : join(dirname(path), `.${randomBytes(6).toString("hex")}.${basename(path)}`);
  try {
    await mkdir(dirname(staged), { recursive: true });
    const { rows } = await run.copyToFile(relation, staged, format);
    const { size } = await stat(staged);
    return {
      resources: { [descriptor.name]: { rows, bytes: size } },
      commit: () => (isStream ? sendTo(path, staged) : rename(staged, path)),
      discard: () => rm(staged, { force: true }),
    };
  } catch (error) {
    await rm(staged, { force: true });
    throw isSystemError(error) ? writeError(error, named) : error;
  }
}

/** Copies what is staged into a pipe or a device; `-` is standard output. */
const sendTo = (path: string, staged: string): Promise<void> =>
  path === "-"
    ? pipeline(createReadStream(staged), process.stdout, { end: false })
    : pipeline(createReadStream(staged), createWriteStream(path));

const isSystemError = (error: unknown): boolean => error instanceof Error && "errno" in error;
