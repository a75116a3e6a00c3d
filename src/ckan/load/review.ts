import { z } from "zod";
import { defineProcessor } from "../../flow/define.ts";
import { makeStep, type Step } from "../../flow/step.ts";
import { distinct } from "../../plan/build.ts";
import type { EngineRun } from "../../plan/engine.ts";
import type { PlannedResource } from "../../plan/package-plan.ts";
import type {
  CastRelation,
  CheckRelation,
  ErrorsRelation,
  Relation,
  StepReference,
} from "../../plan/relation.ts";

/** What reading every row of a table has shown. */
export interface Reviewed {
  /** Rows that are good, or were let pass. */
  readonly rows: number;
  /** Rows left out. */
  readonly rejected: number;
  readonly labels: readonly string[];
}

const definition = defineProcessor({
  name: "review",
  title: "Review",
  summary: "Reads every row, so that casts and checks look at it, and counts.",
  category: "sink",
  safe: true,
  arguments: [],
  config: z.custom<{ readonly onReviewed: (reviewed: Reviewed) => void }>(),
  examples: [],
  plan: (input, { onReviewed }, { at }) => {
    const resources = input.resources.slice(0, 1);
    const stage = async (run: EngineRun) => {
      for (const resource of resources) onReviewed(await review(run, resource, at));
      return { resources: {}, commit: async () => {}, discard: async () => {} };
    };
    return { ...input, sinks: [...input.sinks, { at, input: resources, summary: "reads every row", stage }] };
  },
});

/** A step that reads all of the first resource and writes nothing. */
export function reviewTable(onReviewed: (reviewed: Reviewed) => void): Step {
  return makeStep(definition, { onReviewed });
}

async function review(run: EngineRun, { relation }: PlannedResource, at: StepReference): Promise<Reviewed> {
  const rows = await run.count(relation);
  return { rows, rejected: await countRejected(run, errorsOf(relation, at)), labels: labelsOf(relation) };
}

/** How many rows findings are about. */
export function countRejected(run: EngineRun, errors: ErrorsRelation): Promise<number> {
  return run.count(distinct(errors, ["row"], errors.at));
}

/** All that casts and checks below find; complete once the relation has been read. */
export function errorsOf(relation: Relation, at: StepReference): ErrorsRelation {
  const of: (CastRelation | CheckRelation)[] = [];
  for (let each: Relation | undefined = relation; each; each = "input" in each ? each.input : undefined)
    if (each.kind === "cast" || each.kind === "check") of.push(each);
  return { kind: "errors", of, schema: { fields: [{ name: "row", type: "integer" }] }, at };
}

/** The labels of the file's header, one for each field; the field's name where there is none. */
export function labelsOf(relation: Relation): string[] {
  const names = relation.schema.fields.map(({ name }) => name);
  let scan = relation;
  while ("input" in scan) scan = scan.input;
  if (scan.kind !== "scan" || scan.table.labels.length !== names.length) return names;
  return scan.table.labels.map((label, i) => label || (names[i] ?? label));
}
