import { posix } from "node:path";
import { AirCanError, toAirCanError } from "../../base/errors.ts";
import type { Report, ReportError } from "../../checks/report.ts";
import type { Resource } from "../../descriptor/types.ts";
import type { FlowResult } from "../../flow/flow.ts";
import type { RowError } from "../../plan/relation.ts";
import { type LoadConf, readConf } from "./conf.ts";
import { bringHere, inTemporaryFolder, readResource, type StoredResource, writeJson } from "./files.ts";
import { checkedFlow } from "./load-file.ts";
import { exactReport, reportOf, unreadableReport } from "./report.ts";
import { type Reviewed, reviewTable } from "./review.ts";
import type { LoadTaskBody, LoadTaskContext, LoadTaskParts, LoadTaskResult } from "./task.ts";
import { countText, kindsText } from "./texts.ts";

const shownErrors = 10;

/**
 * `load.check`: reads every cell against the declared schema, or the types that all cells have. Leaves the
 * schema in `resource.json` and what is wrong in `report.json`; bad data end the run here under `fail`.
 */
export const check: LoadTaskBody = (context, parts) =>
  inTemporaryFolder(async (folder) => {
    const resource = await readResource(context, "fetch");
    const address = posix.join(context.upstream.fetch ?? "", resource.path);
    const file = { path: await bringHere(context, address, folder), folder, resource };
    context.log("info", `Checking ${sourceOf(resource)}.`);
    const started = performance.now();
    try {
      return await conclude(context, await reviewFile(file, context, parts), { parts, started });
    } catch (thrown) {
      const error = namedAs(toAirCanError(thrown), file.path, sourceOf(resource));
      if (error.kind === "data" && error.code !== "data-error")
        await reportUnreadable(context, resource, { error, started });
      throw error;
    }
  });

/** A fetched file on this machine. */
interface FetchedFile {
  readonly path: string;
  readonly folder: string;
  readonly resource: StoredResource;
}

interface Review extends FetchedFile {
  readonly described: Resource;
  readonly result: FlowResult;
  readonly reviewed: Reviewed;
}

async function reviewFile(
  file: FetchedFile,
  context: LoadTaskContext,
  { engine }: LoadTaskParts,
): Promise<Review> {
  const { path, folder, resource } = file;
  const seen: { reviewed?: Reviewed } = {};
  const flow = checkedFlow({ source: { ...resource, path }, engine }, [
    reviewTable((reviewed) => {
      seen.reviewed = reviewed;
    }),
  ]);
  const result = await flow.run({
    onError: "drop",
    temporaryFolder: folder,
    signal: context.signal,
    onProgress: ({ rows, fraction }) => context.progress({ rows, fraction: fraction ?? null }),
  });
  const [described] = result.package.resources;
  const { reviewed } = seen;
  if (described === undefined || reviewed === undefined)
    throw new AirCanError("bug", "The check has read no table.");
  return { ...file, described, result, reviewed };
}

interface Checking {
  readonly parts: LoadTaskParts;
  readonly started: number;
}

async function conclude(
  context: LoadTaskContext,
  review: Review,
  { parts, started }: Checking,
): Promise<LoadTaskResult> {
  const { described, result, reviewed, resource } = review;
  const { on_error } = readConf(context.conf);
  const rows = reviewed.rows + reviewed.rejected;
  const isGood = Object.keys(result.errorCounts).length === 0;
  const report = isGood
    ? reportOf({
        name: described.name,
        place: sourceOf(resource),
        labels: reviewed.labels,
        bytes: described.bytes ?? 0,
        fields: described.schema?.fields.length ?? 0,
        rows,
        seconds: Math.round(performance.now() - started) / 1000,
        findings: [],
        counts: {},
      })
    : await exactReport({
        resource: { ...described, path: review.path },
        place: sourceOf(resource),
        folder: review.folder,
        engine: parts.engine,
        signal: context.signal,
      });
  const outputs = await writeFindings(context, checkedResource(review, rows), report);
  const checked = { ...review, rows, found: foundIn(report) };
  sayWhatWasFound(context, checked);
  if (!isGood && on_error === "fail") throw badData(checked);
  const { counts, errors } = checked.found;
  return {
    stats: { rows, errors, errorCounts: counts },
    outputs,
    summary: `Checked ${countText(rows, "row")}: ${errors === 0 ? "all good" : kindsText(counts)}`,
  };
}

interface Checked extends Review {
  readonly rows: number;
  readonly found: Found;
}

interface Found {
  readonly errors: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly first: readonly ReportError[];
}

function foundIn({ tasks }: Report): Found {
  const [task] = tasks;
  const counts = task?.stats.errorCounts ?? {};
  const errors = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { errors, counts, first: (task?.errors ?? []).slice(0, shownErrors) };
}

/** The resource as the load reads it: with the schema that was found, and the file where `fetch` left it. */
function checkedResource({ described, resource }: Review, rows: number): Resource {
  const { aircan } = resource;
  return {
    ...described,
    path: `../fetch/${resource.path}`,
    rows,
    aircan: { ...aircan, ...described.aircan },
  };
}

async function writeFindings(context: LoadTaskContext, resource: Resource, report: Report) {
  return [
    await writeJson(context, "resource.json", resource),
    await writeJson(context, "report.json", report),
  ];
}

function sayWhatWasFound(
  { log, conf }: LoadTaskContext,
  { described, reviewed, rows, found }: Checked,
): void {
  const fields = described.schema?.fields.map(({ name, type }) => `${name} (${type})`).join(", ") ?? "";
  const count = countText(described.schema?.fields.length ?? 0, "field");
  log("info", `${countText(rows, "row")}, ${count}: ${fields}.`);
  if (found.errors === 0) {
    log("info", "Every cell is good.");
    return;
  }
  const { on_error } = readConf(conf);
  const rejected = countText(reviewed.rejected, "row");
  log("warning", `${rejected} with errors: ${kindsText(found.counts)}. ${outcomes[on_error]}`);
  for (const { rowNumber, line, type, message } of found.first) {
    const where = line === undefined || line === rowNumber ? "" : ` (line ${line})`;
    log("warning", `${rowNumber === undefined ? "" : `Row ${rowNumber}${where}: `}${message} (${type})`);
  }
}

const outcomes: Readonly<Record<LoadConf["on_error"], string>> = {
  fail: "Nothing is loaded.",
  drop: "These rows are left out.",
  report: "These rows are left out and reported.",
  clear: "These cells become empty.",
  keep: "Fields with such cells become text.",
};

function badData({ described, resource, rows, found }: Checked): AirCanError {
  const findings = found.first.map((error) => rowErrorOf(error, described.name));
  const [first] = findings;
  const kinds = kindsText(found.counts);
  return new AirCanError(
    "data-error",
    `${sourceOf(resource)} is not valid: ${kinds}.${first ? ` First: row ${first.row}: ${first.message}` : ""}`,
    {
      hint: "Correct the cells listed and upload the file again, or load the good rows only (`on_error: report`).",
      where: {
        resource: described.name,
        ...(first ? { row: first.row } : {}),
        ...(first?.line ? { line: first.line } : {}),
        ...(first?.field ? { field: first.field } : {}),
        ...(first?.value ? { value: first.value } : {}),
      },
      details: { first_errors: findings, counts: found.counts, rows },
    },
  );
}

/** An error of a report as the engine writes its own findings. */
function rowErrorOf(error: ReportError, resource: string): RowError {
  const { type, rowNumber, line, byteOffset, fieldName, fieldNumber, cell, message } = error;
  return {
    code: type,
    resource,
    row: rowNumber ?? 0,
    line: line ?? null,
    byteOffset: byteOffset ?? null,
    field: fieldName || null,
    fieldNumber: fieldNumber ?? null,
    value: cell ?? null,
    message,
  };
}

interface Unreadable {
  readonly error: AirCanError;
  readonly started: number;
}

async function reportUnreadable(
  context: LoadTaskContext,
  resource: StoredResource,
  { error, started }: Unreadable,
): Promise<void> {
  const seconds = Math.round(performance.now() - started) / 1000;
  const table = { name: resource.name, place: sourceOf(resource), bytes: resource.bytes ?? 0, seconds };
  await writeJson(context, "report.json", unreadableReport(error, table));
}

/** Where a resource came from, as people may see it. */
export function sourceOf({ aircan, name }: Resource): string {
  const source = aircan?.source;
  return typeof source === "object" && source !== null && "path" in source ? String(source.path) : name;
}

/** The error with the source's own name in place of the path that it was brought to. */
export function namedAs(error: AirCanError, path: string, source: string): AirCanError {
  if (!error.message.includes(path)) return error;
  const { code, message, hint, where, details } = error;
  return new AirCanError(code, message.replaceAll(path, source), {
    hint,
    where: { ...where, ...(where.source === path ? { source } : {}) },
    details,
  });
}
