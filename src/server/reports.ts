import { text } from "node:stream/consumers";
import { AirCanError } from "../base/errors.ts";
import { mergeReports } from "../checks/merge-reports.ts";
import type { Report } from "../checks/report.ts";
import { advised } from "../checks/report-advice.ts";
import type { Factory, Run } from "../factory/factory.ts";
import { compareReports } from "../factory/validation/compare-reports.ts";
import type { Comparison, Profile } from "../factory/validation/shapes.ts";

/** The report of a run: what its tasks left, as one, with what to do first. @throws AirCanError `not-found`. */
export async function reportOf(factory: Factory, run: string): Promise<Report> {
  const found = await filesOf<Report>(factory, run, "report.json");
  if (found.length > 0) return advised(mergeReports(found));
  throw new AirCanError("not-found", `The run "${run}" has no report.`, {
    hint: "Look again when its check is through.",
    where: { run },
  });
}

/** What the tables that a run tested hold. @throws AirCanError `not-found`. */
export async function profileOf(factory: Factory, run: string): Promise<Profile> {
  const found = await filesOf<Profile>(factory, run, "profile.json");
  if (found.length > 0) return { tables: found.flatMap(({ tables }) => tables) };
  throw new AirCanError("not-found", `The run "${run}" has no profile.`, {
    hint: "Validate the data: each validation that reads its tables leaves one.",
    where: { run },
  });
}

/** Each file of a name that a task wrote, in the order of the tasks. */
async function filesOf<Content>(
  { listTasks, storage }: Factory,
  run: string,
  name: string,
): Promise<readonly Content[]> {
  const addresses = (await listTasks(run)).map(({ address }) => `${address}${name}`);
  const found = await Promise.all(addresses.map((address) => storage.stat(address)));
  return Promise.all(
    // written by our own tasks in this shape
    found
      .flatMap((file) => file ?? [])
      .map(async ({ address }) => JSON.parse(await text(await storage.read(address))) as Content),
  );
}

/** A comparison, and what a report is compared with. */
export interface ComparedReport extends Comparison {
  readonly previous: { readonly run: string; readonly created: string };
}

/**
 * The report of a run beside that of the last one before it over the same data, or of the run that is named.
 *
 * @throws AirCanError `not-found` where there is none.
 */
export async function comparedReport(
  factory: Factory,
  run: string,
  other: string | undefined,
): Promise<ComparedReport> {
  const now = await reportOf(factory, run);
  const earlier = other === undefined ? await factory.runsBefore(run) : [await factory.showRun(other)];
  for (const { id, created } of earlier) {
    const before = await reportOf(factory, id).catch(unlessNotFound);
    if (before) return { previous: { run: id, created }, ...compareReports(before, now) };
  }
  throw new AirCanError("not-found", "There is no earlier report over the same data.", {
    hint: "Name the run to compare with (`?with=`).",
    where: { run },
  });
}

function unlessNotFound(error: unknown): undefined {
  if (error instanceof AirCanError && error.code === "not-found") return undefined;
  throw error;
}

/** What the data of a run is known to be. */
export type Verdict = "valid" | "invalid" | "error" | "unknown";

/** The verdict on a dataset by its last run that tested it: `error` means that it could not be tested. */
export function verdictOf(run: Pick<Run, "status" | "error"> | undefined): Verdict {
  if (run === undefined) return "unknown";
  if (run.status === "DONE") return "valid";
  return run.error?.kind === "data" ? "invalid" : "error";
}
