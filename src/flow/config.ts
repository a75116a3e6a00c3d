import type { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import { nearestName } from "../plan/build.ts";
import type { ProcessorDefinition } from "./define.ts";

/**
 * A configuration as its processor's schema reads it.
 *
 * @throws AirCanError `config-error` that names processor, option, and the known options where one is unknown.
 */
export function parseConfig(definition: ProcessorDefinition, config: unknown): unknown {
  const parsed = definition.config.safeParse(config);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  throw issueError(definition, issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]);
}

/** The names of the options of a processor. */
export function optionNames({ config }: ProcessorDefinition): string[] {
  return "shape" in config && typeof config.shape === "object" && config.shape !== null
    ? Object.keys(config.shape)
    : [];
}

function issueError(definition: ProcessorDefinition, issue: z.core.$ZodIssue | undefined): AirCanError {
  const { name } = definition;
  if (issue?.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const known = optionNames(definition);
    const nearest = nearestName(key, known);
    return new AirCanError(
      "config-error",
      `${name} has no option "${key}"; its options are: ${known.join(", ")}.`,
      {
        ...(nearest ? { hint: `Did you mean "${nearest}"?` } : {}),
        where: { processor: name, option: key },
      },
    );
  }
  const option = issue?.path.join(".") ?? "";
  return new AirCanError(
    "config-error",
    `${name}${option ? `, option "${option}"` : ""}: ${issue?.message ?? "not valid"}.`,
    {
      hint: `See \`aircan processors ${name}\`.`,
      where: { processor: name, ...(option ? { option } : {}) },
    },
  );
}
