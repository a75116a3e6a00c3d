import { baselineChecks } from "./baseline.ts";
import type { Report, ReportError, ReportTask } from "./report.ts";
import { adviceFor, counted } from "./report-groups.ts";

/** Errors that one failure lists. */
const listedErrors = 50;

/**
 * A report as JUnit XML, as CI systems read it: a test suite for each task, in it a test case for each kind
 * of error that is looked for, so that what was mended shows as passed. What belongs to no single task is a
 * suite of its own.
 */
export function reportJunit(report: Report): string {
  const cases = casesOf({ place: "report", errors: report.errors, counts: {}, looked: [] });
  const ofNoTask = cases.length > 0 ? [suite({ name: "report", seconds: 0, cases, notes: [] })] : [];
  const suites = [...ofNoTask, ...report.tasks.map(taskSuite)];
  const sum = (key: "tests" | "failures") => suites.reduce((total, each) => total + each[key], 0);
  const { seconds } = report.stats;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="aircan validate" tests="${sum("tests")}" failures="${sum("failures")}" errors="0" time="${seconds}">`,
    ...suites.map(({ text }) => text),
    "</testsuites>",
    "",
  ].join("\n");
}

interface TestCase {
  readonly name: string;
  readonly place: string;
  /** How many errors there are, also those that are not given. */
  readonly count: number;
  readonly errors: readonly ReportError[];
}

interface Found {
  readonly place: string;
  readonly errors: readonly ReportError[];
  readonly counts: Readonly<Record<string, number>>;
  /** Kinds that were looked for. */
  readonly looked: readonly string[];
}

/** What could not be opened was not tested, so that nothing passed. */
function taskSuite({ place, errors, stats, warnings }: ReportTask) {
  const isRead = stats.fields > 0;
  const looked = isRead ? Object.keys(baselineChecks) : [];
  const cases = casesOf({ place, errors, counts: stats.errorCounts, looked });
  return suite({ name: place, seconds: stats.seconds, cases, notes: warnings });
}

function casesOf({ place, errors, counts, looked }: Found): TestCase[] {
  const types = new Set([...errors.map(({ type }) => type), ...Object.keys(counts), ...looked]);
  return Array.from(types, (name) => {
    const own = errors.filter(({ type }) => type === name);
    return { name, place, errors: own, count: counts[name] ?? own.length };
  });
}

interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly TestCase[];
  readonly notes: readonly string[];
}

function suite({ name, seconds, cases, notes }: Suite) {
  const failures = cases.filter(({ count }) => count > 0).length;
  const text = [
    `  <testsuite name="${escaped(name)}" tests="${cases.length}" failures="${failures}" errors="0" time="${seconds}">`,
    ...cases.map(caseText),
    ...(notes.length > 0 ? [`    <system-out>${notes.map(escaped).join("\n")}</system-out>`] : []),
    "  </testsuite>",
  ].join("\n");
  return { text, failures, tests: cases.length };
}

function caseText({ name, place, count, errors }: TestCase): string {
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(place)}"`;
  if (count === 0) return `${head}/>`;
  const { summary, hint } = adviceFor(name);
  const shown = errors.slice(0, listedErrors).map(({ message, line, rowNumber }) => {
    const at = line === undefined ? (rowNumber === undefined ? "" : `row ${rowNumber}`) : `line ${line}`;
    return at === "" ? message : `${at}: ${message}`;
  });
  const more = count > shown.length ? [`and ${counted(count - shown.length, "more error")}`] : [];
  const message = `${counted(count, "error")}: ${summary} ${hint}`.trim();
  return [
    `${head}>`,
    `      <failure type="${escaped(name)}" message="${escaped(message)}">${[...shown, ...more].map(escaped).join("\n")}</failure>`,
    "    </testcase>",
  ].join("\n");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** A text for XML 1.0, which has no control characters. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll(/[&<>"\t\r\n]/g, (sign) => entities[sign] ?? sign);
}
