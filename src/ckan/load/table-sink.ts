import { rename, rm, stat } from "node:fs/promises";
import { z } from "zod";
import { AirCanError } from "../../base/errors.ts";
import { defineProcessor, type ProcessorDefinition } from "../../flow/define.ts";
import { makeStep, type Step } from "../../flow/step.ts";
import type { EngineRun } from "../../plan/engine.ts";
import type { PackagePlan, PlannedResource, StagedOutput } from "../../plan/package-plan.ts";
import type { Relation, StepReference } from "../../plan/relation.ts";
import { loadIntoDatastore } from "../../sql/datastore.ts";
import { type LoadMode, type LoadResult, loadTable, type StagedLoad } from "../../sql/load-table.ts";
import { countRejected, errorsOf, labelsOf } from "./review.ts";

/** A table that rows go into. */
export interface TableTarget {
  /** `postgresql://…`; its password is never shown. */
  readonly database: string;
  /** The DataStore of a factory, or a plain table in the first schema of the search path. */
  readonly kind: "datastore" | "table";
  /** The table's name; that of the resource unless told. */
  readonly name?: string;
  readonly mode: LoadMode;
  readonly key?: readonly string[];
  /** What the descriptor in the DataStore calls the source; the path that was read unless told. */
  readonly source?: string;
  /** Of a DataStore: a load with an id happens once, see `loadIntoDatastore`. */
  readonly id?: string;
  /** A CSV file for the rows that are left out: what is wrong with each. Made only if there are any. */
  readonly errorsPath?: string;
}

/** What was staged last; the run may stage several times before it commits. */
export interface Staged {
  readonly result: LoadResult;
  /** Rows left out. */
  readonly rejected: number;
  readonly errorsFile: { readonly path: string; readonly rows: number; readonly bytes: number } | null;
}

const definition = defineProcessor({
  name: "load_into_table",
  title: "Load into a table",
  summary: "Writes one resource into a table of a PostgreSQL database.",
  category: "sink",
  safe: false,
  arguments: [],
  config: z.custom<{ readonly target: TableTarget; readonly onStaged: (staged: Staged) => void }>(),
  examples: [],
  plan: (input, { target, onStaged }, { at }) => {
    const resource = onlyTable(input);
    const stage = (run: EngineRun) => stageTable(run, resource, { at, target, onStaged });
    const sink = {
      at,
      input: [resource],
      summary: `loads into the table ${nameOf(target, resource)}`,
      stage,
    };
    return { ...input, sinks: [...input.sinks, sink] };
  },
}) satisfies ProcessorDefinition;

/** A step that loads the only resource of its flow into a table. */
export function loadIntoTable(target: TableTarget, onStaged: (staged: Staged) => void): Step {
  return makeStep(definition, { target, onStaged });
}

function onlyTable({ resources }: PackagePlan): PlannedResource {
  const [first, second] = resources;
  if (first !== undefined && second === undefined) return first;
  const names = resources.map(({ descriptor }) => descriptor.name).join(", ");
  throw new AirCanError(
    "config-error",
    `One table goes into one table, but the source holds ${resources.length}: ${names}.`,
    {
      hint: "Load the file of one of them, or name it with `--sheet`, `--table` or `--member`.",
    },
  );
}

const nameOf = ({ name }: TableTarget, { descriptor }: PlannedResource): string => name ?? descriptor.name;

interface Staging {
  readonly at: StepReference;
  readonly target: TableTarget;
  readonly onStaged: (staged: Staged) => void;
}

async function stageTable(
  run: EngineRun,
  resource: PlannedResource,
  staging: Staging,
): Promise<StagedOutput> {
  const { target, at, onStaged } = staging;
  const staged = await stageRows(run, resource, target);
  const [result] = staged.results;
  if (result === undefined) throw new AirCanError("bug", "A load of one table gave no result.");
  try {
    if (staged.repeated) await run.count(resource.relation); // so that its errors are known again
    const errors = errorsOf(resource.relation, at);
    const rejected = await countRejected(run, errors);
    const file = await stageErrors(run, errors, rejected > 0 ? target.errorsPath : undefined);
    onStaged({ result, rejected, errorsFile: file });
    return {
      ...staged,
      commit: async () => {
        await staged.commit();
        if (file) await rename(`${file.path}.tmp`, file.path);
      },
      discard: async () => {
        await staged.discard();
        if (file) await rm(`${file.path}.tmp`, { force: true });
      },
    };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

function stageRows(run: EngineRun, resource: PlannedResource, target: TableTarget): Promise<StagedLoad> {
  const { database, kind, mode, key, id, source } = target;
  const name = nameOf(target, resource);
  const { relation } = resource;
  const descriptor = { ...resource.descriptor, ...(source === undefined ? {} : { path: source }) };
  const load = {
    run,
    relation,
    resource: descriptor,
    mode,
    labels: labelsOf(relation),
    ...(key ? { key } : {}),
  };
  const options = { database, signal: run.signal };
  return kind === "datastore"
    ? loadIntoDatastore({ ...load, name, ...(id === undefined ? {} : { id }) }, options)
    : loadTable({ ...load, table: name, ...options });
}

async function stageErrors(
  run: EngineRun,
  errors: Relation,
  path: string | undefined,
): Promise<Staged["errorsFile"]> {
  if (path === undefined) return null;
  const { rows } = await run.copyToFile(errors, `${path}.tmp`, "csv");
  return { path, rows, bytes: (await stat(`${path}.tmp`)).size };
}
