import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { normaliseResource, normaliseSchema } from "../../descriptor/normalise.ts";
import { refuseProblems } from "../../descriptor/problem.ts";
import type { Resource } from "../../descriptor/types.ts";
import { schemaProblems } from "../../descriptor/validate-schema.ts";
import { formatNamed } from "../../reading/formats/registry.ts";

const object = z.record(z.string(), z.unknown());

export const loadModes = ["replace", "append", "upsert"] as const;
export const loadPolicies = ["fail", "drop", "clear", "keep", "report"] as const;

/** The conf of the DAG `load`. */
const loadConf = z.object({
  resource: z.looseObject({ path: z.string().min(1), name: z.string().optional() }),
  name: z.string().min(1),
  mode: z.enum(loadModes).default("replace"),
  key: z.array(z.string().min(1)).default([]),
  on_error: z.enum(loadPolicies).default("fail"),
  schema: object.nullish(),
});

export interface LoadConf extends Omit<z.output<typeof loadConf>, "resource" | "schema"> {
  /** Normalised; its schema is that of `schema`, if one is given. */
  readonly resource: Resource & { readonly path: string };
}

/** Properties of a resource that its file itself tells, or that name other files. */
const ignored = ["data", "extrapaths", "innerpath", "scheme", "aircan", "bytes", "rows", "format"];

/**
 * The conf of a run, read.
 *
 * @throws AirCanError `params-error` naming the parameter; `schema-error`, `field-error`.
 */
export function readConf(conf: Readonly<Record<string, unknown>>): LoadConf {
  const parsed = loadConf.safeParse(conf);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join(".") ?? "";
    throw new AirCanError("params-error", `Parameter "${param}" of a load: ${issue?.message}.`, {
      where: { param },
    });
  }
  const { resource, schema, ...rest } = parsed.data;
  for (const name of ["schema", "dialect"]) refuseReference(name, resource[name]);
  const declared = schema ?? resource.schema ?? undefined;
  if (declared) refuseProblems(schemaProblems(declared), "The schema to load by");
  const kept = Object.entries(resource).filter(([name, value]) => value !== null && !ignored.includes(name));
  return {
    ...rest,
    resource: {
      ...normaliseResource(Object.fromEntries(kept)),
      name: resource.name || parsed.data.name,
      path: resource.path,
      ...formatOf(resource.format),
      ...(schema ? { schema: normaliseSchema(schema) } : {}),
    },
  };
}

/** Portals write formats in many ways; where one is none that is known, the file tells it better. */
function formatOf(declared: unknown): { readonly format?: string } {
  const found = formatNamed(String(declared ?? ""));
  return found ? { format: found.name } : {};
}

/** Descriptors may name files instead; a server opens none for them. */
function refuseReference(name: string, value: unknown): void {
  if (value === undefined || typeof value === "object") return;
  throw new AirCanError("params-error", `The ${name} of a resource to load must be an object here.`, {
    hint: `Put the ${name} itself into the resource.`,
    where: { param: `resource.${name}` },
  });
}

/** JSON Schema per parameter, from which the trigger's form is made too. */
export const loadParams = {
  resource: {
    type: "object",
    title: "Resource",
    description: "A Frictionless resource: `path` (URL, or address of an upload), schema, dialect, encoding.",
    properties: { path: { type: "string", minLength: 1 }, name: { type: "string" } },
    required: ["path"],
  },
  name: {
    type: "string",
    title: "Table",
    description: "Name of the table in the DataStore.",
    minLength: 1,
    required: true,
  },
  mode: {
    type: "string",
    title: "Mode",
    description: "Replace the table, append to it, or update rows by their key and add new ones.",
    enum: loadModes,
    default: "replace",
  },
  key: {
    type: "array",
    title: "Key",
    description: "Fields that identify a row; needed for upsert.",
    items: { type: "string" },
    default: [],
  },
  on_error: {
    type: "string",
    title: "Bad cells",
    description: "What happens to bad cells and rows.",
    enum: loadPolicies,
    default: "fail",
  },
  schema: {
    type: "object",
    title: "Schema",
    description: "A Table Schema; types are found out from the data unless it is given.",
    optional: true,
  },
} as const;
