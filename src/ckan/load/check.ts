import { posix } from "node:path";
import { AirCanError, toAirCanError } from "../../base/errors.ts";
import type { Report } from "../../checks/report.ts";
import type { Resource } from "../../descriptor/types.ts";
import type { FlowResult } from "../../flow/flow.ts";
import { type LoadConf, readConf } from "./conf.ts";
import { readRecords } from "./error-rows.ts";
import { bringHere, inTemporaryFolder, readResource, type StoredResource, writeJson } from "./files.ts";
import { checkedFlow } from "./load-file.ts";
import { reportOf, unreadableReport } from "./report.ts";
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
      return await conclude(context, await reviewFile(file, context, parts), started);
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

async function conclude(context: LoadTaskContext, review: Review, started: number): Promise<LoadTaskResult> {
  const { described, result, reviewed, resource } = review;
  const { on_error } = readConf(context.conf);
  const rows = reviewed.rows + reviewed.rejected;
  const errors = Object.values(result.errorCounts).reduce((sum, count) => sum + count, 0);
  const seconds = Math.round(performance.now() - started) / 1000;
  const report = reportOf({
    name: described.name,
    place: sourceOf(resource),
    labels: reviewed.labels,
    bytes: described.bytes ?? 0,
    fields: described.schema?.fields.length ?? 0,
    rows,
    seconds,
    findings: result.errors,
    counts: result.errorCounts,
    records: await readRecords({ path: review.path, resource: described }, result.errors),
  });
  const outputs = await writeFindings(context, checkedResource(review, rows), report);
  sayWhatWasFound(context, review, rows);
  if (errors > 0 && on_error === "fail") throw badData(review, rows);
  return {
    stats: { rows, errors, errorCounts: result.errorCounts },
    outputs,
    summary: `Checked ${countText(rows, "row")}: ${errors === 0 ? "all good" : kindsText(result.errorCounts)}`,
  };
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
  { described, result, reviewed }: Review,
  rows: number,
): void {
  const fields = described.schema?.fields.map(({ name, type }) => `${name} (${type})`).join(", ") ?? "";
  log(
    "info",
    `${countText(rows, "row")}, ${countText(described.schema?.fields.length ?? 0, "field")}: ${fields}.`,
  );
  if (result.errors.length === 0) log("info", "Every cell is good.");
  if (result.errors.length === 0) return;
  const { on_error } = readConf(conf);
  log(
    "warning",
    `${countText(reviewed.rejected, "row")} with errors: ${kindsText(result.errorCounts)}. ${outcomes[on_error]}`,
  );
  for (const { row, line, code, message } of result.errors.slice(0, shownErrors))
    log(
      "warning",
      `Row ${row}${line === null || line === row ? "" : ` (line ${line})`}: ${message} (${code})`,
    );
}

const outcomes: Readonly<Record<LoadConf["on_error"], string>> = {
  fail: "Nothing is loaded.",
  drop: "These rows are left out.",
  report: "These rows are left out and reported.",
  clear: "These cells become empty.",
  keep: "Fields with such cells become text.",
};

function badData({ result, described, resource }: Review, rows: number): AirCanError {
  const [first] = result.errors;
  const kinds = kindsText(result.errorCounts);
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
      details: { first_errors: result.errors.slice(0, shownErrors), counts: result.errorCounts, rows },
    },
  );
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
