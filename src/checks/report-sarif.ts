import { createHash } from "node:crypto";
import { catalogue, type ErrorCode } from "../base/catalogue.ts";
import type { Report, ReportError } from "./report.ts";
import { adviceFor } from "./report-groups.ts";

/** GitHub shows no more results of one file. */
const mostResults = 5000;

/** Where the documentation of a kind of error stands. */
const docs = "https://github.com/datopian/aircan/blob/main/docs/errors.md";

const levels = { error: "error", warning: "warning", info: "note" } as const;

/**
 * A report as SARIF 2.1.0 (OASIS), for code scanning: a rule for each kind of error found, a result for each
 * error, at most as many as GitHub takes. Lines are of the file as it is opened in an editor.
 */
export function reportSarif(report: Report): string {
  const found = [
    ...report.errors.map((error) => ({ error, place: error.place ?? "report" })),
    ...report.tasks.flatMap(({ errors, place }) =>
      errors.map((error) => ({ error, place: error.place ?? place })),
    ),
  ].slice(0, mostResults);
  const types = [...new Set(found.map(({ error }) => error.type))];
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "AirCan",
            informationUri: "https://github.com/datopian/aircan",
            rules: types.map(ruleOf),
          },
        },
        columnKind: "unicodeCodePoints",
        results: found.map(({ error, place }) => resultOf(error, place, types.indexOf(error.type))),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function ruleOf(type: string) {
  const { summary, hint } = adviceFor(type);
  return {
    id: type,
    name: type.replace(/(^|-)(\w)/g, (_, _dash: string, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary || type },
    fullDescription: { text: `${summary} ${hint}`.trim() || type },
    help: { text: hint || type },
    ...(type in catalogue ? { helpUri: `${docs}#${type satisfies string as ErrorCode}` } : {}),
    defaultConfiguration: { level: "error" },
    properties: { tags: ["data"] },
  };
}

function resultOf(error: ReportError, place: string, ruleIndex: number) {
  const { type, message, severity, rowNumber, fieldName, fieldNumber, pointer } = error;
  const facts = { rowNumber, fieldName, fieldNumber, pointer };
  return {
    ruleId: type,
    ruleIndex,
    level: levels[severity],
    message: { text: plain(message) },
    locations: [{ physicalLocation: { artifactLocation: artifactOf(place), region: regionOf(error) } }],
    partialFingerprints: { "aircan/v1": fingerprintOf(error, place) },
    properties: facts,
  };
}

/** A message whose brackets are no link (SARIF 3.11.6). */
const plain = (message: string): string => message.replaceAll(/\[(?=[^[\]]*\]\()/g, "\\[");

const isAddress = (place: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(place);

/** Relative places are below the root of the repository. */
function artifactOf(place: string) {
  if (isAddress(place)) return { uri: encodeURI(place).replaceAll(/%25(?=[0-9a-f]{2})/gi, "%") };
  const path = place === "-" ? "stdin" : place.replaceAll("\\", "/").replace(/^\.\//, "");
  const uri = path.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? { uri: `file://${uri}` } : { uri, uriBaseId: "%SRCROOT%" };
}

/** GitHub wants a line of every result. */
function regionOf({ line, column, byteOffset, rowNumbers }: ReportError) {
  return {
    startLine: line ?? rowNumbers?.[0] ?? 1,
    ...(column === undefined ? {} : { startColumn: column }),
    ...(byteOffset === undefined ? {} : { byteOffset }),
  };
}

/** The same for the same error in the next run, also where rows moved. */
function fingerprintOf({ type, fieldName, cells, cell, label, pointer }: ReportError, place: string): string {
  return createHash("sha256")
    .update(JSON.stringify([place, type, fieldName, cell, label, pointer, cells]))
    .digest("hex")
    .slice(0, 32);
}
