import { constants } from "node:fs";
import { access, mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { toAirCanError } from "../../base/errors.ts";
import { bytesText } from "../cell-text.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import type { Output } from "../output.ts";
import { dataFolderOf, type Settings, settingDefinitions } from "../settings.ts";
import { renderTable } from "../table.ts";

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
  /** What to do, where it is not well. */
  readonly hint?: string;
}

interface DoctorOptions {
  readonly data?: string;
}

const wantedSpace = 1e9;

/** `aircan doctor`: the installation, the settings in force, the database, the storage. */
export function addDoctorCommand(program: Command): void {
  addCommand(program, {
    usage: "doctor",
    summary: "check the installation, the database and the storage",
    example: "aircan doctor\nDATABASE_URL=postgresql://localhost/aircan aircan doctor",
  })
    .option("--data <folder>", "the data folder")
    .action(action(doctor));
}

async function doctor(invocation: Invocation<DoctorOptions>): Promise<number> {
  const { settings, folder, output } = invocation;
  const data = dataFolderOf(settings, folder);
  const findings = [
    node(),
    await attempt("engine", engine),
    await attempt("temporary space", () => space(tmpdir())),
    await attempt("data folder", () => dataFolder(data)),
    await attempt("database", () => database(settings, data)),
    await attempt("factory", () => factory(settings, data)),
  ];
  const document = { ok: findings.every(({ ok }) => ok), findings, settings: shownSettings(settings) };
  output.result(document, () => text(document, output));
  return document.ok ? 0 : 1;
}

function node(): Finding {
  const temporal = "Temporal" in globalThis ? "its own Temporal" : "Temporal from temporal-polyfill";
  return { check: "Node.js", ok: true, found: `${process.versions.node}, ${temporal}` };
}

async function attempt(check: string, look: () => Promise<Omit<Finding, "check">>): Promise<Finding> {
  try {
    return { check, ...(await look()) };
  } catch (thrown) {
    const { message, hint } = toAirCanError(thrown);
    return { check, ok: false, found: message, hint };
  }
}

async function engine(): Promise<Omit<Finding, "check">> {
  const { flow } = await import("../../index.ts");
  const { rows } = await flow([{ a: 1 }]).results();
  const [first] = Object.values(rows);
  return { ok: first?.length === 1, found: "DuckDB runs" };
}

async function space(folder: string): Promise<Omit<Finding, "check">> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return {
    ok: free > wantedSpace,
    found: `${bytesText(free)} free in ${folder}`,
    ...(free > wantedSpace ? {} : { hint: "Free some space, or set TMPDIR to a folder on a larger disk." }),
  };
}

/** The folder, or the nearest one above it that is there, must be writable. */
async function dataFolder(folder: string): Promise<Omit<Finding, "check">> {
  let existing = folder;
  while (existing !== dirname(existing) && !(await isThere(existing))) existing = dirname(existing);
  try {
    const probe = await mkdtemp(join(existing, ".aircan-doctor-"));
    await rm(probe, { recursive: true });
  } catch {
    return {
      ok: false,
      found: `${existing} may not be written`,
      hint: "Choose another folder with `--data` or AIRCAN_DATA.",
    };
  }
  const { found } = await space(existing);
  return { ok: true, found: existing === folder ? found : `${folder} will be made; ${found}` };
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

async function database(settings: Settings, data: string): Promise<Omit<Finding, "check">> {
  const url = settings.databaseUrl.value;
  if (url === undefined)
    return { ok: true, found: `embedded PostgreSQL in ${join(data, "postgres")}, started when needed` };
  const { openDatabase } = await import("../../sql/embedded.ts");
  const opened = await openDatabase({ dataFolder: data, databaseUrl: url, log: () => {} });
  await opened.close();
  return { ok: true, found: `DATABASE_URL answers (${new URL(url).host})` };
}

async function factory(settings: Settings, data: string): Promise<Omit<Finding, "check">> {
  const { findServer } = await import("../server-file.ts");
  const url = settings.url.value ?? (await findServer(data)) ?? `http://127.0.0.1:${settings.port.value}`;
  const answer = await fetch(new URL("/health", url), { signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  );
  if (answer?.ok) return { ok: true, found: `one runs at ${url}` };
  if (settings.url.value === undefined)
    return { ok: true, found: `none runs at ${url}; \`aircan serve\` starts one` };
  return {
    ok: false,
    found: `${url} does not answer`,
    hint: "Start the factory there, or correct AIRCAN_URL.",
  };
}

interface ShownSetting {
  readonly setting: string;
  readonly value: string | null;
  readonly origin: string;
}

function shownSettings(settings: Settings): ShownSetting[] {
  return Object.entries(settings).map(([setting, { value, origin }]) => {
    const secret = Object.entries(settingDefinitions).some(
      ([name, definition]) => name === setting && "secret" in definition,
    );
    return { setting, value: value === undefined ? null : secret ? "…" : value, origin };
  });
}

interface Document {
  readonly findings: readonly Finding[];
  readonly settings: readonly ShownSetting[];
}

function text({ findings, settings }: Document, { width, style }: Output): string {
  const lines = findings.map(({ check, ok, found, hint }) => {
    const mark = ok ? style("green", "ok  ") : style("red", "BAD ");
    return `${mark} ${check}: ${found}${hint ? `\n     ${hint}` : ""}`;
  });
  const table = renderTable(
    [{ title: "setting" }, { title: "value" }, { title: "from" }],
    settings.map(({ setting, value, origin }) => [setting, value ?? "", origin]),
    { width, dim: (line) => style("dim", line) },
  );
  return [...lines, "", table].join("\n");
}
