import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { AirCanError, messageOf } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import { checkedTypes, tagsOf } from "./report-error.ts";

/** Which findings a validation reports: a Frictionless Checklist. */
export interface Checklist {
  /** Types or tags (`#row`) of errors; only these are reported. Empty: all. */
  readonly pickErrors: readonly string[];
  /** Types or tags of errors that are not reported. */
  readonly skipErrors: readonly string[];
}

const checklistSchema = z.object({
  checks: z.array(z.looseObject({ type: z.string() })).default([]),
  pickErrors: z.array(z.string()).default([]),
  skipErrors: z.array(z.string()).default([]),
});

/** Reads a checklist from a file of JSON or YAML. @throws AirCanError `config-error`, `scheme-error`. */
export async function readChecklist(path: string): Promise<Checklist> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new AirCanError("scheme-error", `${path} cannot be opened: ${messageOf(error)}.`, { cause: error });
  });
  return checklistOf(parsed(text, path), path);
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
  const [check] = data.checks;
  if (check)
    throw new AirCanError("config-error", `${place} names the check "${check.type}", which is not known.`, {
      hint: "Checks of types, constraints and structure are always made; choose among them with pickErrors and skipErrors.",
    });
  const known = [...checkedTypes, ...new Set(checkedTypes.flatMap(tagsOf))];
  for (const name of [...data.pickErrors, ...data.skipErrors]) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    throw new AirCanError(
      "config-error",
      `${place} names the error "${name}", which is not known; known are ${known.join(", ")}.`,
      nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` },
    );
  }
  return data;
}

/** Whether errors of a type shall be reported. Findings in metadata and sources always are. */
export function wantedBy({ pickErrors, skipErrors }: Checklist): (type: string) => boolean {
  const isNamed = (names: readonly string[], type: string) =>
    names.includes(type) || tagsOf(type).some((tag) => names.includes(tag));
  return (type) => {
    if (!checkedTypes.includes(type)) return true;
    return (pickErrors.length === 0 || isNamed(pickErrors, type)) && !isNamed(skipErrors, type);
  };
}
