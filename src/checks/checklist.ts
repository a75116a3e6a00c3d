import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { AirCanError, messageOf } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { CustomCheck } from "./custom-check.ts";
import type { CheckDefinition } from "./definition.ts";
import type { Severity } from "./levels.ts";
import { checkedTypes, optionalChecks, tagsOf } from "./registry.ts";

/** Which checks a validation makes beside those that it always makes, and what it reports: a Frictionless Checklist. */
export interface Checklist {
  readonly checks: readonly CheckRequest[];
  /** Types or tags (`#row`) of errors; only these are reported. Empty: all. */
  readonly pickErrors: readonly string[];
  /** Types or tags of errors that are not reported. */
  readonly skipErrors: readonly string[];
  /** How much the findings of a type weigh, where it is not as usual. */
  readonly severities: Readonly<Record<string, Severity>>;
  /** Checks written in TypeScript. */
  readonly customChecks?: readonly CustomCheck[];
}

/** A check that is asked for, with its parameters. */
export interface CheckRequest {
  readonly definition: CheckDefinition;
  readonly config: unknown;
  /** Name of the only resource that it looks at; undefined: every one. */
  readonly resource?: string | undefined;
  readonly severity?: Severity | undefined;
}

const checklistSchema = z.object({
  checks: z
    .array(
      z.looseObject({
        type: z.string(),
        severity: z.enum(["error", "warning", "info"]).optional(),
        resource: z.string().optional(),
      }),
    )
    .default([]),
  pickErrors: z.array(z.string()).default([]),
  skipErrors: z.array(z.string()).default([]),
  severity: z.record(z.string(), z.enum(["error", "warning", "info"])).default({}),
});

export interface ChecklistReading {
  /** Whether a file of TypeScript or JavaScript may be run, whose `checks` are entries or checks of one's own. */
  readonly allowCode?: boolean;
}

/**
 * Reads a checklist from a file of JSON or YAML, or of TypeScript.
 *
 * @throws AirCanError `config-error`, `scheme-error`; `forbidden` for code that may not run.
 */
export async function readChecklist(
  path: string,
  { allowCode = false }: ChecklistReading = {},
): Promise<Checklist> {
  if (/\.[cm]?[jt]s$/.test(path)) return importChecklist(path, allowCode);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new AirCanError("scheme-error", `${path} cannot be opened: ${messageOf(error)}.`, { cause: error });
  });
  return checklistOf(parsed(text, path), path);
}

/** An entry of `checks` is a check of one's own if it begins tables. */
const codeSchema = z.object({
  checks: z.array(
    z.union([
      z.custom<CustomCheck>(
        (value) =>
          typeof value === "object" &&
          value !== null &&
          "begin" in value &&
          typeof value.begin === "function",
      ),
      z.looseObject({ type: z.string() }),
    ]),
  ),
});

async function importChecklist(path: string, allowCode: boolean): Promise<Checklist> {
  if (!allowCode)
    throw new AirCanError("forbidden", `${path} is a program, and programs are not run here.`, {
      hint: "Give `--trusted` if you trust it.",
    });
  const module = await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw new AirCanError("config-error", `${path} cannot be run: ${messageOf(error)}`, { cause: error });
  });
  const { success, data, error } = codeSchema.safeParse({ ...module });
  if (!success)
    throw new AirCanError(
      "config-error",
      `${path} must export \`checks\`, a list of checks: ${z.prettifyError(error)}`,
    );
  const customChecks = data.checks.filter((check): check is CustomCheck => "begin" in check);
  return {
    ...checklistOf({ checks: data.checks.filter((check) => !("begin" in check)) }, path),
    customChecks,
  };
}

function parsed(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new AirCanError("config-error", `${path} is neither JSON nor YAML: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A checklist from a value of JSON. @throws AirCanError `config-error` naming what is not known. */
export function checklistOf(value: unknown, place = "The checklist"): Checklist {
  const { success, data, error } = checklistSchema.safeParse(value);
  if (!success) throw new AirCanError("config-error", `${place} is no checklist: ${z.prettifyError(error)}`);
  const { checks, pickErrors, skipErrors, severity } = data;
  const known = [...checkedTypes, ...new Set(checkedTypes.flatMap(tagsOf))];
  for (const name of [...pickErrors, ...skipErrors]) requireKnown(name, known, `${place} names the error`);
  for (const name of Object.keys(severity)) requireKnown(name, checkedTypes, `${place} weighs the error`);
  const severities = checks.flatMap(({ type, severity }) => (severity ? [[type, severity] as const] : []));
  return {
    checks: checks.flatMap((entry) => requestOf(entry, place)),
    pickErrors,
    skipErrors,
    severities: { ...severity, ...Object.fromEntries(severities) },
  };
}

type Entry = z.infer<typeof checklistSchema>["checks"][number];

/** The check that an entry asks for; none for one that is always made, of which the entry says the severity. */
function requestOf({ type, severity, resource, ...rest }: Entry, place: string): CheckRequest[] {
  if (type === "baseline") return [];
  requireKnown(type, [...checkedTypes, "baseline"], `${place} names the check`);
  const definition = optionalChecks[type];
  if (definition === undefined) return [];
  const { name: _name, title: _title, description: _description, ...told } = rest;
  const { success, data, error } = definition.config.safeParse(told);
  if (!success)
    throw new AirCanError(
      "config-error",
      `${place} asks for the check "${type}" in a way that it does not know: ${z.prettifyError(error)}`,
      { hint: `See \`aircan checks ${type}\`.` },
    );
  return [{ definition, config: data, severity, resource }];
}

function requireKnown(name: string, known: readonly string[], words: string): void {
  if (known.includes(name)) return;
  const nearest = nearestName(name, known);
  throw new AirCanError(
    "config-error",
    `${words} "${name}", which is not known; known are ${known.join(", ")}.`,
    nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` },
  );
}

/** Whether errors of a type shall be reported. Findings in metadata and sources always are. */
export function wantedBy({ pickErrors, skipErrors }: Checklist): (type: string) => boolean {
  const named = (names: readonly string[]) =>
    new Set(
      checkedTypes.filter((type) => names.includes(type) || tagsOf(type).some((tag) => names.includes(tag))),
    );
  const [picked, skipped, all] = [named(pickErrors), named(skipErrors), new Set(checkedTypes)];
  return (type) => !all.has(type) || ((pickErrors.length === 0 || picked.has(type)) && !skipped.has(type));
}
