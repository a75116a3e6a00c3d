import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type AirCanError, toAirCanError } from "../base/errors.ts";
import type { Schema } from "../descriptor/types.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { type PartPlace, partPlaces, partText } from "../reading/parts.ts";
import { type Checklist, wantedBy } from "./checklist.ts";
import type { CustomCheck } from "./custom-check.ts";
import { countErrors, fileErrors } from "./file-facts.ts";
import { createFindingList, type FindingList, type Locate } from "./finding-list.ts";
import { firstRows } from "./first-rows.ts";
import type { Severity } from "./levels.ts";
import { placeIn, type Target } from "./open-targets.ts";
import { locateRows } from "./read-rows.ts";
import type { ReportError, ReportTask } from "./report.ts";
import { sourceError, warningText } from "./report-error.ts";
import type { TableTest } from "./table-test.ts";
import type { TableWatch, ValidateOptions } from "./validate-sources.ts";
import { type TestedTable, validateTable } from "./validate-table.ts";

/** What is listed of warnings of one kind; the others are counted. */
const listedWarnings = 10;

interface Testing extends ValidateOptions {
  /** The schema that all sources are tested by. */
  readonly told: Schema | undefined;
}

interface Tested extends Omit<TestedTable, "warnings"> {
  readonly bytes: number;
  readonly warnings: readonly string[];
  /** Where the table is, if it lies in an archive. */
  readonly place?: string;
  /** Reads rows again that findings are about. */
  readonly locate: Locate;
  readonly onTested?: (() => Promise<void>) | undefined;
  /** Where the files begin that the table was put together from. */
  readonly parts?: readonly PartPlace[];
}

/** Opens and tests one table, and reports what is wrong with it. */
export async function validateTask(target: Target, options: Testing): Promise<ReportTask> {
  const started = performance.now();
  const { limitErrors = 1000 } = options;
  const watching: { watch?: TableWatch } = {};
  const findings = findingsFor(options, watching);
  const { severe = [], mild = [] } = Object.groupBy(target.problems, ({ severity }) =>
    severity === "error" ? "severe" : "mild",
  );
  for (const error of severe) findings.add(error.type, () => error);
  const tested = severe.length > 0 ? unread : await testTarget(target, findings, { ...options, watching });
  const { errors, warnings: told } = await findings.finish(tested.locate);
  await tested.onTested?.();
  const warnings = [
    ...mild.map(({ message }) => message),
    ...tested.warnings,
    ...warningLines(told, findings.warningCounts),
    ...(findings.isFull ? [`reached error limit: ${limitErrors}`] : []),
  ];
  const seconds = Math.round(performance.now() - started) / 1000;
  const counts = { errors: errors.length, warnings: warnings.length, seconds };
  return {
    name: target.name,
    type: "table",
    valid: Object.keys(findings.counts).length === 0,
    place: tested.place ?? target.place,
    labels: [...tested.labels],
    stats: { ...counts, ...statsOf(tested, findings) },
    warnings,
    errors: errors.map((error) => inPart(error, tested.parts)),
  };
}

/** The error, with the file and its row where the table was put together from several. */
function inPart(error: ReportError, parts: readonly PartPlace[] = []): ReportError {
  if (parts.length === 0 || error.rowNumber === undefined) return error;
  return { ...error, message: error.message + partText(parts, error.rowNumber) };
}

const unread: Tested = {
  bytes: 0,
  fields: 0,
  rows: 0,
  labels: [],
  warnings: [],
  distributions: {},
  locate: async () => new Map(),
};

function findingsFor(options: Testing, watching: { watch?: TableWatch }): FindingList {
  const { limitErrors = 1000, checklist, watch } = options;
  return createFindingList({
    limit: limitErrors,
    isWanted: checklist ? wantedBy(checklist) : () => true,
    severityOf: severitiesOf(checklist, ownChecks(options)),
    onError: watch ? (error) => watching.watch?.onError(error) : undefined,
  });
}

/** Checks in TypeScript: the caller's, and those of a checklist. */
function ownChecks({ customChecks = [], checklist }: ValidateOptions): readonly CustomCheck[] {
  return [...customChecks, ...(checklist?.customChecks ?? [])];
}

function severitiesOf(
  checklist: Checklist | undefined,
  customChecks: readonly CustomCheck[],
): (type: string) => Severity | undefined {
  const own = customChecks.flatMap(({ name, severity }) => (severity ? [[name, severity] as const] : []));
  const usual = (checklist?.checks ?? []).flatMap(({ definition: { name, severity } }) =>
    severity ? [[name, severity] as const] : [],
  );
  const all = new Map([...usual, ...Object.entries(checklist?.severities ?? {}), ...own]);
  return (type) => all.get(type);
}

type Stats = Omit<ReportTask["stats"], "errors" | "warnings" | "seconds">;

function statsOf(
  { bytes, fields, rows, distributions }: Tested,
  { counts, warningCounts }: FindingList,
): Stats {
  const hasAny = (record: object) => Object.keys(record).length > 0;
  return {
    bytes,
    fields,
    rows,
    errorCounts: { ...counts },
    ...(hasAny(warningCounts) ? { warningCounts: { ...warningCounts } } : {}),
    ...(hasAny(distributions) ? { distributions } : {}),
  };
}

/** Findings that are warnings only, as lines: the first of each kind, and how many more there are. */
function warningLines(told: readonly ReportError[], counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).flatMap(([type, count]) => {
    const listed = told.filter((error) => error.type === type).slice(0, listedWarnings);
    const lines = listed.map(
      (error) =>
        `${type}: ${error.rowNumber === undefined ? "" : `row ${error.rowNumber}: `}${warningText(error)}`,
    );
    return count > lines.length ? [...lines, `${type}: ${count - lines.length} more`] : lines;
  });
}

interface Watched extends Testing {
  /** Holds the watch of the table, once it is open. */
  readonly watching: { watch?: TableWatch };
}

/** Tests one table; what is wrong with it as a source is a finding, too. */
async function testTarget(target: Target, findings: FindingList, options: Watched): Promise<Tested> {
  const { context, engine } = options;
  try {
    const [opened] = await target.open();
    if (opened === undefined) return unread;
    const table = await engine.describe(await partOf(opened, options));
    const tested = await testTable(table, { target, findings, options, whole: opened });
    const isSound = Object.keys(findings.counts).length === 0;
    const place = placeIn(target.place, opened);
    return { ...tested, place, parts: isSound ? [] : await partPlaces(table, context.signal) };
  } catch (thrown) {
    const error = toAirCanError(thrown);
    if (context.signal.aborted || error.kind === "bug" || !isOfSource(error)) throw thrown;
    findings.add(error.code, () => sourceError(error, target.place));
    return unread;
  }
}

/** The rows of a table that are tested, if these are not all. */
async function partOf(table: LocalTable, { limitRows, context }: Watched): Promise<LocalTable> {
  if (limitRows === undefined || table.format !== "csv") return table;
  return firstRows(table, { limit: limitRows, folder: context.temporaryFolder, signal: context.signal });
}

interface Opened {
  readonly target: Target;
  readonly findings: FindingList;
  readonly options: Watched;
  /** The table with all its rows. */
  readonly whole: LocalTable;
}

async function testTable(table: LocalTable, { target, findings, options, whole }: Opened): Promise<Tested> {
  const { engine, context, limitRows, checklist, now, watching } = options;
  const { signal, temporaryFolder } = context;
  const isWhole = limitRows === undefined;
  const facts = isWhole ? target.facts : {};
  const ofFile = await fileErrors(table, facts);
  addAll(findings, ofFile.errors);
  const schema = options.told ?? target.schema;
  const watch = options.watch?.({ name: target.name, table, schema });
  if (watch) watching.watch = watch;
  const test: TableTest = {
    engine,
    table,
    whole: table.format === "csv" ? whole : undefined,
    schema,
    findings,
    limitRows,
    signal,
    temporaryFolder,
    checks: checklist?.checks,
    customChecks: ownChecks(options),
    related: target.related,
    before: options.before?.tasks.find(({ name }) => name === target.name),
    now,
    changed: await changeOf(resolve(context.folder, target.place)),
  };
  const tested = await validateTable(test);
  addAll(findings, countErrors(tested, facts));
  const isCut = !isWhole && tested.rows >= limitRows;
  return {
    ...tested,
    bytes: table.original?.bytes ?? table.bytes,
    warnings: [...ofFile.warnings, ...tested.warnings, ...(isCut ? [`reached row limit: ${limitRows}`] : [])],
    locate: (rows) => locateRows(test, rows),
    onTested: watch?.onTested,
  };
}

/** When a file was changed last; null if there is none of this path. */
async function changeOf(path: string): Promise<Date | null> {
  return stat(path).then(
    ({ mtime }) => mtime,
    () => null,
  );
}

function addAll(findings: FindingList, errors: readonly ReportError[]): void {
  for (const error of errors) findings.add(error.type, () => error);
}

/** True for what is wrong with a source, and not with the machine that looks at it. */
function isOfSource({ code }: AirCanError): boolean {
  return !["storage-error", "database-error", "interrupted"].includes(code);
}
