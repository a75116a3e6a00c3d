import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import { reportFormNames } from "../checks/report-forms.ts";

const text = z.string().min(1);
const texts = z.array(z.string());
const listOf = (value: unknown): unknown =>
  Array.isArray(value) || value === null || value === undefined ? value : [value];
/** Patterns; one may stand alone. */
const patterns = z.preprocess(listOf, texts);
const object = z.record(z.string(), z.unknown());
const count = z.int("it must be a whole number").min(0, "it must be a whole number from 0");
const character = z.string().length(1, "it must be one character");
const nameOrNumber = z.union([text, z.int().min(1)], "it must be a name, or a number from 1");
const paths = z.union([text, texts.min(1)], "it must be a path, or a list of paths");

/** How sources are read and tested: for all of them, or for one entry. */
const options = {
  schema: z.union([text, object], "it must be a Table Schema, or the path of one").optional(),
  checks: z
    .union(
      [text, z.array(z.unknown()), object],
      "it must be a list of checks, a checklist, or the path of one",
    )
    .optional(),
  severity: z
    .record(z.string(), z.enum(["error", "warning", "info"], "it must be error, warning or info"))
    .optional(),
  limit_errors: count.optional(),
  limit_rows: count.optional(),
  format: text.optional(),
  encoding: text.optional(),
  delimiter: character.optional(),
  quote: character.optional(),
  header_rows: z
    .union(
      [z.array(z.int().min(1)).min(1), z.int().min(1), z.literal("none")],
      "it must be row numbers such as 1 or [1, 2], or none",
    )
    .optional(),
  comment: character.optional(),
  sheet: nameOrNumber.optional(),
  range: text.optional(),
  columns: text.optional(),
  table: nameOrNumber.optional(),
  member: text.optional(),
  record_path: text.optional(),
  query: text.optional(),
  secret: text.optional(),
  types: z.enum(["infer", "none"]).optional(),
  missing_values: texts.optional(),
};

const entrySchema = z.strictObject({
  path: paths,
  exclude: patterns.optional(),
  ...options,
});

const outputSchema = z.strictObject(
  Object.fromEntries(reportFormNames.map((name) => [name, text.optional()])),
);

const sectionSchema = z.strictObject({
  sources: z.preprocess(listOf, z.array(z.union([text, entrySchema])).min(1)).optional(),
  exclude: patterns.optional(),
  reports: outputSchema.optional(),
  trusted: z.boolean().optional(),
  ...options,
});

/** One item of `sources`: what to test, and what is told of it alone. */
export type FileEntry = z.infer<typeof entrySchema>;

/** The section `validate` of an `aircan.yaml`. */
export interface ValidationFile extends Omit<z.infer<typeof sectionSchema>, "sources"> {
  /** Where it was read. */
  readonly path: string;
  readonly folder: string;
  /** Undefined: whatever is found below the folder. */
  readonly sources: readonly (FileEntry & { readonly line: number | undefined })[] | undefined;
}

/**
 * The section `validate` of the nearest `aircan.yaml` of a folder or those above it, up to the root of the
 * repository. It is a source, a list of sources, or a mapping; undefined where there is none.
 *
 * @throws AirCanError `config-error` with the line of what is wrong.
 */
export function findValidationFile(folder: string): ValidationFile | undefined {
  const path = join(folder, "aircan.yaml");
  const found = existsSync(path) ? readValidationFile(path) : undefined;
  const isTop = existsSync(join(folder, ".git")) || dirname(folder) === folder;
  return found ?? (isTop ? undefined : findValidationFile(dirname(folder)));
}

function readValidationFile(path: string): ValidationFile | undefined {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) throw fileError(path, broken.linePos?.[0].line, broken.message.split("\n")[0] ?? "");
  const written: unknown = document.toJS();
  if (typeof written !== "object" || written === null || !("validate" in written)) return undefined;
  const section = inFull(written.validate);
  const { success, data, error } = sectionSchema.safeParse(section);
  const lineAt = (at: readonly PropertyKey[]) => lineOf(document, lines, ["validate", ...at]);
  if (!success) throw problemOf(path, error, lineAt);
  return {
    ...data,
    path,
    folder: dirname(path),
    sources: data.sources?.map((source, i) => ({
      ...(typeof source === "string" ? { path: source } : source),
      line: lineAt(["sources", i]),
    })),
  };
}

/** The short forms: one source, or a list of them. */
function inFull(section: unknown): unknown {
  if (typeof section === "string") return { sources: [section] };
  return Array.isArray(section) ? { sources: section } : (section ?? {});
}

type LineAt = (path: readonly PropertyKey[]) => number | undefined;

function problemOf(file: string, { issues }: z.ZodError, lineAt: LineAt): AirCanError {
  const all = issues.flatMap(deepest);
  const issue = all.find(({ code }) => code === "unrecognized_keys") ?? all[0];
  const at = issue?.path ?? [];
  if (issue?.code !== "unrecognized_keys")
    return fileError(
      file,
      lineAt(at),
      `\`${["validate", ...at].join(".")}\`: ${issue?.message ?? "it is not valid"}`,
    );
  const [key = ""] = issue.keys;
  const known =
    at.at(-2) === "sources"
      ? Object.keys(entrySchema.shape)
      : at.at(-1) === "reports"
        ? reportFormNames
        : Object.keys(sectionSchema.shape);
  const meant = nearestName(key, known);
  return fileError(
    file,
    lineAt([...at, key]),
    `\`${["validate", ...at].join(".")}\` has the unknown key "${key}"; known are ${known.join(", ")}`,
    meant === undefined ? undefined : `Did you mean "${meant}"?`,
  );
}

/** The issues inside of a choice between forms, as the form that comes nearest has them. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const inside = issue.errors
    .map((errors) => errors.map((error) => ({ ...error, path: [...issue.path, ...error.path] })))
    .filter((errors) =>
      errors.some(({ path, code }) => path.length > issue.path.length || code === "unrecognized_keys"),
    );
  return inside[0]?.flatMap(deepest) ?? [issue];
}

function fileError(
  path: string,
  line: number | undefined,
  message: string,
  hint = "See docs/validating.md for what can stand there.",
): AirCanError {
  return new AirCanError(
    "config-error",
    `${path}${line === undefined ? "" : `, line ${line}`}: ${message.replace(/\.$/, "")}.`,
    {
      hint,
      where: { ...(line === undefined ? {} : { line }), file: path },
    },
  );
}

/** The line of a value, or of the nearest one around it that was written. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let start: number | undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      start = (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? start;
      node = pair?.value;
    } else if (isSeq(node) && part !== "sources") {
      node = node.items[Number(part)];
      start = (isNode(node) ? node.range?.[0] : undefined) ?? start;
    }
  }
  return start === undefined ? undefined : lines.linePos(start).line;
}
