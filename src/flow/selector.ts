import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import type { PackagePlan, PlannedResource } from "../plan/package-plan.ts";
import type { Relation } from "../plan/relation.ts";

/** Which resources a step works on: a name or regular expression, a place (negative from the end), names; all unless told. */
export const selector = z
  .union([z.string(), z.number().int(), z.array(z.string())])
  .optional()
  .describe(
    "Resources to work on: a name or regular expression (whole name), an index (negative from the end), or a list of names; all unless told.",
  );

export type Selector = z.output<typeof selector>;

/** Does a selector mean the resource at a place of a package? `errors` is only meant when it is named. */
function matches(
  choice: Selector,
  name: string,
  { index, total }: { index: number; total: number },
): boolean {
  if (choice === undefined) return name !== "errors";
  if (typeof choice === "number") return index === (choice < 0 ? total + choice : choice);
  if (typeof choice !== "string") return choice.includes(name);
  return choice === name || patternOf(choice)?.test(name) === true;
}

function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`, "u");
  } catch {
    return undefined;
  }
}

/** The resources that a selector means. @throws AirCanError `unknown-resource` for a place that is not there. */
export function selected(plan: PackagePlan, choice: Selector): PlannedResource[] {
  const total = plan.resources.length;
  if (typeof choice === "number" && (choice >= total || choice < -total)) {
    throw new AirCanError(
      "unknown-resource",
      `There is no resource at index ${choice}; the package has ${total}: ${names(plan)}.`,
    );
  }
  return plan.resources.filter(({ descriptor }, index) => matches(choice, descriptor.name, { index, total }));
}

/**
 * The package with the selected resources changed.
 *
 * @throws AirCanError `unknown-resource` if a named resource is not there.
 */
export function changeResources(
  plan: PackagePlan,
  choice: Selector,
  change: (resource: PlannedResource) => PlannedResource,
): PackagePlan {
  const chosen = new Set(selected(plan, choice));
  if (chosen.size === 0 && choice !== undefined) {
    throw new AirCanError(
      "unknown-resource",
      `No resource is meant by ${JSON.stringify(choice)}; the resources here are: ${names(plan)}.`,
    );
  }
  return {
    ...plan,
    resources: plan.resources.map((resource) => (chosen.has(resource) ? change(resource) : resource)),
  };
}

/** A resource with another relation; its descriptor's schema follows. */
export function withRelation({ descriptor }: PlannedResource, relation: Relation): PlannedResource {
  return { descriptor: { ...descriptor, schema: relation.schema }, relation };
}

/** The package with one more resource. @throws AirCanError `conflict` if its name is taken. */
export function addResource(plan: PackagePlan, resource: PlannedResource): PackagePlan {
  if (plan.resources.some(({ descriptor }) => descriptor.name === resource.descriptor.name)) {
    throw new AirCanError("conflict", `The package has a resource "${resource.descriptor.name}" already.`, {
      hint: "Give this one another `name`.",
    });
  }
  return { ...plan, resources: [...plan.resources, resource] };
}

const names = (plan: PackagePlan) =>
  plan.resources.map(({ descriptor }) => descriptor.name).join(", ") || "none";
