import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import { readSchedule, readTriggers } from "./schedule-spec.ts";
import type { DagDefinition, TaskDefinition } from "./task.ts";

const object = z.record(z.string(), z.unknown());
const name = z.string().min(1);

const taskSpec = z.strictObject({
  kind: name.optional(),
  flow: z.array(z.unknown()).min(1).optional(),
  config: object.optional(),
  title: z.string().optional(),
  after: z.union([name.transform((one) => [one]), z.array(name)]).optional(),
  retries: z.int().min(0).optional(),
  timeout: z.string().optional(),
  memory: z.string().optional(),
  map: name.optional(),
  when: z.enum(["success", "always"]).optional(),
});

const dagSpec = z.strictObject({
  dag: name,
  title: z.string().optional(),
  description: z.string().optional(),
  job_type: z.string().optional(),
  params: object.optional(),
  tasks: z.record(z.string(), taskSpec),
  schedule: z.unknown().optional(),
  triggers: z.unknown().optional(),
});

/**
 * The definition that a DAG spec (parsed YAML or JSON) says: a task has a `flow`, or a `kind` with its
 * `config`. Names, cycles and flows are checked where definitions are stored.
 *
 * @throws AirCanError `dag-error` that names the place.
 */
export function dagOfSpec(spec: unknown): DagDefinition {
  const parsed = dagSpec.safeParse(spec);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue?.path.join(".") || "the spec";
    throw new AirCanError("dag-error", `A DAG spec: ${place}: ${issue?.message}.`, { where: { place } });
  }
  const { job_type: jobType, tasks, schedule, triggers, ...facts } = parsed.data;
  return {
    ...defined(facts),
    dag: facts.dag,
    ...(schedule === undefined ? {} : { schedule: readSchedule(schedule) }),
    ...(triggers === undefined ? {} : { triggers: readTriggers(triggers) }),
    ...(jobType === undefined ? {} : { jobType }),
    tasks: Object.fromEntries(Object.entries(tasks).map(([id, task]) => [id, taskOf(id, task)])),
  };
}

function taskOf(id: string, { kind, flow, config, ...facts }: z.output<typeof taskSpec>): TaskDefinition {
  if ((kind === undefined) === (flow === undefined))
    throw new AirCanError("dag-error", `Task "${id}" must have either a flow or a kind.`, {
      where: { task: id },
    });
  return {
    ...defined(facts),
    kind: kind ?? "flow",
    ...(flow ? { config: { ...config, flow } } : config ? { config } : {}),
  };
}

type Defined<Facts> = { [Key in keyof Facts]: Exclude<Facts[Key], undefined> };

/** Without the properties that are undefined: those left out of the spec. */
function defined<Facts extends object>(facts: Facts): Defined<Facts> {
  const there = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Defined<Facts>; // the same keys, but those of no value
}
