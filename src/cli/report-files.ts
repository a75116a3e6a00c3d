import { randomBytes } from "node:crypto";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AirCanError } from "../base/errors.ts";
import type { Report } from "../checks/report.ts";
import { type ReportFormName, reportFormNames, reportForms } from "../checks/report-forms.ts";
import { writeError } from "../storage/local.ts";
import { outputPlace } from "./output-place.ts";

/** Where a report shall be written in which form; `-` is standard output. */
export interface ReportTarget {
  readonly form: ReportFormName;
  readonly path: string;
}

/** Which forms are asked for, by their names. */
export type AskedForms = Readonly<Partial<Record<ReportFormName, string | undefined>>>;

/** The files that are asked for as absolute paths. */
export function resolveForms(asked: AskedForms, folder: string): AskedForms {
  const paths = reportFormNames.flatMap((form) => {
    const path = asked[form];
    return path === undefined ? [] : [[form, path === "-" ? path : resolve(folder, path)] as const];
  });
  return Object.fromEntries(paths);
}

/**
 * The files that a report shall be written to. Looked at before anything is tested.
 *
 * @throws AirCanError `config-error` if a folder is not there, `usage-error` if two of them want standard output.
 */
export async function reportTargets(asked: AskedForms, json: boolean): Promise<ReportTarget[]> {
  const targets = reportFormNames.flatMap((form) => {
    const path = asked[form];
    return path === undefined ? [] : [{ form, path }];
  });
  const toStdout = targets.filter(({ path }) => path === "-").map(({ form }) => `--${form} -`);
  if (json) toStdout.push("--json");
  if (toStdout.length > 1)
    throw new AirCanError(
      "usage-error",
      `Only one report can go to standard output, not ${toStdout.join(" and ")}.`,
      {
        hint: "Name a file for the others.",
      },
    );
  for (const { form, path } of targets) if (path !== "-") await requireFolder(path, form);
  return targets;
}

async function requireFolder(path: string, form: ReportFormName): Promise<void> {
  const found = await stat(dirname(path)).catch(() => undefined);
  if (!found?.isDirectory())
    throw new AirCanError(
      "config-error",
      `--${form} cannot be written: there is no folder ${dirname(path)}.`,
      {
        hint: "Create the folder, or name another file.",
      },
    );
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory())
    throw new AirCanError("config-error", `--${form} cannot be written: ${path} is a folder.`, {
      hint: "Name a file in it.",
    });
}

/** Writes a report to its files; each is there as a whole or not at all; pipes and devices are written to. @throws AirCanError `storage-error` */
export async function writeReports(report: Report, targets: readonly ReportTarget[]): Promise<void> {
  for (const { form, path } of targets) {
    const text = reportForms[form].write(report);
    if (path === "-") process.stdout.write(text);
    else await writeWhole(path, text);
  }
}

async function writeWhole(named: string, text: string): Promise<void> {
  const { path, isStream } = await outputPlace(named);
  const staged = join(dirname(path), `.${randomBytes(6).toString("hex")}.${basename(path)}`);
  try {
    if (isStream) return await writeFile(path, text);
    await writeFile(staged, text, { flush: true });
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw writeError(error, named);
  }
}
