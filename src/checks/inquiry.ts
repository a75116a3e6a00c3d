import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { messageOf } from "../base/errors.ts";
import { isJsonObject, type JsonObject } from "../descriptor/problem.ts";
import { unsafeReason } from "../descriptor/safe-path.ts";
import type { Resource } from "../descriptor/types.ts";
import { nameOf } from "../reading/describe.ts";
import type { ReadingContext } from "../reading/options.ts";
import { descriptorOf } from "../reading/read-descriptor.ts";
import { type Checklist, checklistOf, readChecklist } from "./checklist.ts";
import type { ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";

/** One task of an inquiry: a source, and what is told of it alone. */
export interface InquiryTask {
  readonly source: string | Resource;
  /** Its folder is the inquiry's. */
  readonly context: ReadingContext;
  readonly checklist?: Checklist;
}

/** What an inquiry asks for, and what is wrong with it. */
export interface Inquiry {
  readonly tasks: readonly InquiryTask[];
  readonly errors: readonly ReportError[];
}

/** Larger files hold data. */
const largestInquiry = 5_000_000;

/** Properties of a task that are a resource's, too. */
const ofResource: ReadonlySet<string> = new Set([
  "name",
  "type",
  "path",
  "scheme",
  "format",
  "mediatype",
  "encoding",
  "compression",
  "extrapaths",
  "innerpath",
  "dialect",
  "schema",
]);

/**
 * The inquiry that a source is: a local file of JSON or YAML with a list `tasks` whose items name a `path`,
 * a `resource` or a `package`, as Frictionless v5 has it. Undefined for any other source.
 *
 * @throws AirCanError `config-error` for a checklist that is not valid.
 */
export async function inquiryOf(source: unknown, context: ReadingContext): Promise<Inquiry | undefined> {
  if (typeof source !== "string" || !context.allowLocal || !/\.(json|ya?ml)$/i.test(source)) return undefined;
  const path = resolve(context.folder, source);
  if (!existsSync(path) || !statSync(path).isFile() || statSync(path).size > largestInquiry) return undefined;
  const document = parsed(await readFile(path, "utf8"), source);
  if (document instanceof Error) return isNamedSo(source) ? unreadable(document, source) : undefined;
  if (!isInquiry(document, source)) return undefined;
  const inside = { ...context, folder: dirname(path) };
  const problems = inquiryProblems(document, context.trusted);
  if (problems.length > 0)
    return { tasks: [], errors: problems.map((problem) => ({ ...problem, place: source })) };
  const tasks = await Promise.all(tasksOf(document).map((task) => tasksFrom(task, inside)));
  return { tasks: tasks.flat(), errors: [] };
}

/** What the file holds, or why it cannot be read. */
function parsed(text: string, source: string): unknown {
  try {
    return /\.json$/i.test(source) ? JSON.parse(text.replace(/^\ufeff/, "")) : parse(text);
  } catch (error) {
    return new Error(messageOf(error).split("\n")[0]);
  }
}

const isNamedSo = (source: string): boolean => /(^|[/.])inquiry\.(json|ya?ml)$/i.test(source);

function unreadable({ message }: Error, source: string): Inquiry {
  const error = reportError("inquiry-error", `The inquiry cannot be read: ${message.replace(/[.:]$/, "")}.`, {
    place: source,
    note: "Correct it: it must be JSON or YAML, as its name says.",
  });
  return { tasks: [], errors: [error] };
}

/** By name, or by tasks that name sources: JSON with other `tasks` is data. */
function isInquiry(document: unknown, source: string): document is JsonObject {
  if (!isJsonObject(document)) return false;
  if (isNamedSo(source)) return true;
  const tasks = tasksOf(document);
  return tasks.length > 0 && tasks.every((task) => sourcesOf(task).length > 0);
}

const tasksOf = ({ tasks }: JsonObject): readonly unknown[] => (Array.isArray(tasks) ? tasks : []);

const sourcesOf = (task: unknown): string[] =>
  isJsonObject(task) ? ["path", "resource", "package"].filter((key) => task[key] !== undefined) : [];

function inquiryProblems(inquiry: JsonObject, trusted: boolean): ReportError[] {
  if (!Array.isArray(inquiry.tasks) || inquiry.tasks.length === 0)
    return [reportError("inquiry-error", "The inquiry has no list of tasks.", { pointer: "/tasks" })];
  return tasksOf(inquiry).flatMap((task, i) => taskProblems(task, `/tasks/${i}`, trusted));
}

function taskProblems(task: unknown, pointer: string, trusted: boolean): ReportError[] {
  if (!isJsonObject(task) || sourcesOf(task).length === 0)
    return [
      reportError("inquiry-task-error", "The task names neither a path, nor a resource, nor a package.", {
        pointer,
      }),
    ];
  return ["path", "resource", "package", "schema", "dialect", "checklist"].flatMap((key) => {
    const value = task[key];
    const reason = typeof value === "string" && !trusted ? unsafeReason(value) : undefined;
    if (reason === undefined) return [];
    return [
      reportError("inquiry-task-error", `The task names "${value}", which ${reason}.`, {
        pointer: `${pointer}/${key}`,
        note: "Give `--trusted` if you trust this inquiry.",
      }),
    ];
  });
}

async function tasksFrom(task: unknown, inside: ReadingContext): Promise<InquiryTask[]> {
  const { checklist, ...rest } = isJsonObject(task) ? task : {};
  const wanted =
    typeof checklist === "string"
      ? await readChecklist(resolve(inside.folder, checklist))
      : checklist === undefined
        ? undefined
        : checklistOf(checklist, "The checklist of the inquiry");
  return sourcesFrom(rest, inside).map((source) => ({
    source,
    context: inside,
    ...(wanted ? { checklist: wanted } : {}),
  }));
}

/** What a task names: a descriptor by its path, or a resource as it is written in the task. */
function sourcesFrom(task: JsonObject, inside: ReadingContext): (string | Resource)[] {
  const { path, resource, package: named } = task;
  const own = Object.fromEntries(Object.entries(task).filter(([key]) => ofResource.has(key)));
  if (typeof named === "string") return [named];
  if (typeof resource === "string") return [resource];
  if (typeof path === "string" && descriptorOf(path, inside) !== undefined) return [path];
  const written =
    isJsonObject(named) && Array.isArray(named.resources) ? named.resources : [resource ?? task];
  return written.map((each) => ({
    ...own,
    ...(isJsonObject(each) ? each : {}),
    name:
      nameFrom(each) ??
      nameFrom(task) ??
      nameOf(
        String(path ?? "data")
          .split("/")
          .at(-1) ?? "data",
      ),
  })) as unknown as Resource[]; // opening it tests that it is one
}

const nameFrom = (value: unknown): string | undefined =>
  isJsonObject(value) && typeof value.name === "string" ? value.name : undefined;
