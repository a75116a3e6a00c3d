import type { Field, Schema } from "../descriptor/types.ts";
import type { PackagePlan, PlannedResource } from "../plan/package-plan.ts";
import type {
  CastRelation,
  CheckRelation,
  ErrorsRelation,
  Relation,
  StepReference,
} from "../plan/relation.ts";

/** Name of the side resource that holds what `report` let pass. */
export const errorsName = "errors";

const fields: readonly Field[] = [
  { name: "code", type: "string" },
  { name: "resource", type: "string" },
  { name: "row", type: "integer" },
  { name: "line", type: "integer" },
  { name: "byte_offset", type: "integer" },
  { name: "field", type: "string" },
  { name: "field_number", type: "integer" },
  { name: "value", type: "string" },
  { name: "message", type: "string" },
];
const schema: Schema = { fields, missingValues: [""] };

/**
 * The package with its side resource `errors` as soon as a cast or check in it reports. Its relation always
 * reads all of them, also when steps have been put upon it.
 */
export function withErrorsResource(plan: PackagePlan, at: StepReference): PackagePlan {
  const of = reporting(plan);
  if (of.length === 0) return plan;
  const resources = plan.resources.map((resource) =>
    resource.descriptor.name === errorsName
      ? { ...resource, relation: withSources(resource.relation, of) }
      : resource,
  );
  const has = resources.some(({ descriptor }) => descriptor.name === errorsName);
  const errors: ErrorsRelation = { kind: "errors", of, schema, at };
  const added: PlannedResource = {
    descriptor: { name: errorsName, type: "table", schema },
    relation: errors,
  };
  return { ...plan, resources: has ? resources : [...resources, added] };
}

function reporting(plan: PackagePlan): (CastRelation | CheckRelation)[] {
  const roots = plan.resources
    .filter(({ descriptor }) => descriptor.name !== errorsName)
    .map(({ relation }) => relation);
  const all = roots
    .flatMap(chain)
    .filter((relation) => relation.kind === "cast" || relation.kind === "check");
  return [...new Set(all)].filter(({ onError }) => onError === "report");
}

function chain(relation: Relation): Relation[] {
  return "input" in relation ? [...chain(relation.input), relation] : [relation];
}

function withSources(relation: Relation, of: ErrorsRelation["of"]): Relation {
  if (relation.kind === "errors") return sameSources(relation.of, of) ? relation : { ...relation, of };
  if (!("input" in relation)) return relation;
  const input = withSources(relation.input, of);
  return input === relation.input ? relation : { ...relation, input };
}

const sameSources = (a: ErrorsRelation["of"], b: ErrorsRelation["of"]) =>
  a.length === b.length && a.every((each, i) => each === b[i]);
