import { z } from "zod";
import { catalogue, type ErrorCode } from "../base/catalogue.ts";
import { checkedTypes, optionalChecks, tagsOf } from "./registry.ts";

/** What people should know of a check. */
export interface CheckDescription {
  readonly name: string;
  /** What it finds, and what to do about it. */
  readonly summary: string;
  readonly hint: string;
  readonly tags: readonly string[];
  /** True if it is made without being asked for. */
  readonly always: boolean;
  readonly parameters: readonly CheckParameter[];
  /** An entry of a checklist; null for a check that is always made. */
  readonly example: Readonly<Record<string, unknown>> | null;
}

export interface CheckParameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** Its value if it is not told; null: none. */
  readonly standard: unknown;
  readonly description: string;
}

/** Every check, from its definition. */
export function describeChecks(): CheckDescription[] {
  return checkedTypes.map((name) => {
    const { summary, hint } = catalogue[name as ErrorCode]; // types of findings are codes
    const definition = optionalChecks[name];
    return {
      name,
      summary,
      hint,
      tags: tagsOf(name),
      always: definition === undefined && name !== "custom-check",
      parameters: definition ? parametersOf(definition.config) : [],
      example: definition ? { type: name, ...definition.example } : null,
    };
  });
}

/** The part of a JSON Schema that Zod writes for a check's parameters. */
const parameterSchema = z.object({
  properties: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string().optional(),
        enum: z.array(z.string()).optional(),
        description: z.string().default(""),
        default: z.unknown().optional(),
      }),
    )
    .default({}),
  required: z.array(z.string()).default([]),
});

function parametersOf(config: z.ZodType): CheckParameter[] {
  const { properties, required } = parameterSchema.parse(z.toJSONSchema(config, { io: "input" }));
  return Object.entries(properties).map(([name, { type, enum: values, description, default: standard }]) => ({
    name,
    type: values ? values.map((value) => `\`${value}\``).join(", ") : (type ?? "any"),
    required: required.includes(name),
    standard: standard ?? null,
    description,
  }));
}

/** The reference page of all checks, in Markdown. */
export function checksPage(): string {
  const all = describeChecks();
  const lines = (checks: readonly CheckDescription[]) =>
    checks.map(
      ({ name, summary, tags }) => `| [${name}](#${name}) | ${summary} | ${tags.at(-1)?.slice(1)} |`,
    );
  const head = ["| check | finds | in a |", "| --- | --- | --- |"];
  return [
    "# Checks",
    "",
    "Generated from the definitions in `src/checks`; `npm run docs` writes it anew.",
    "",
    "## Always made",
    "",
    ...head,
    ...lines(all.filter(({ always }) => always)),
    "",
    "## Made if a checklist asks for them",
    "",
    ...head,
    ...lines(all.filter(({ always }) => !always)),
    "",
    ...all.map(section),
  ].join("\n");
}

function section({ name, summary, hint, tags, parameters, example }: CheckDescription): string {
  const rows = parameters.map(
    ({ name, type, required, standard, description }) =>
      `| \`${name}\` | ${type} | ${required ? "required" : standard === null ? "" : `\`${JSON.stringify(standard)}\``} | ${description} |`,
  );
  return [
    `### ${name}`,
    "",
    `${summary} ${hint}`,
    "",
    `Tags: ${tags.map((tag) => `\`${tag}\``).join(" ")}`,
    "",
    ...(rows.length > 0
      ? ["| parameter | type | default | |", "| --- | --- | --- | --- |", ...rows, ""]
      : []),
    ...(example ? ["```json", JSON.stringify({ checks: [example] }), "```", ""] : []),
  ].join("\n");
}
