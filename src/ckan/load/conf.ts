import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { normaliseResource, normaliseSchema } from "../../descriptor/normalise.ts";
import type { Resource } from "../../descriptor/types.ts";

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
  schema: object.optional(),
});

export interface LoadConf extends Omit<z.output<typeof loadConf>, "resource" | "schema"> {
  /** Normalised; its schema is that of `schema`, if one is given. */
  readonly resource: Resource & { readonly path: string };
}

/** Properties of a resource that say how it is read; the others are passed on but never acted on. */
const ignored = ["data", "extrapaths", "innerpath", "scheme", "aircan", "bytes", "rows"];

/**
 * The conf of a run, read.
 *
 * @throws AirCanError `params-error` naming the parameter.
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
  const given = Object.fromEntries(Object.entries(resource).filter(([name]) => !ignored.includes(name)));
  const described = normaliseResource(given);
  return {
    ...rest,
    resource: {
      ...described,
      name: resource.name ?? parsed.data.name,
      path: resource.path,
      ...(schema ? { schema: normaliseSchema(schema) } : {}),
    },
  };
}

/** Descriptors may name files instead; a server opens none for them. */
function refuseReference(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "object" && value !== null)) return;
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
