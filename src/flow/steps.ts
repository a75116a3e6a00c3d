import { AirCanError } from "../base/errors.ts";
import type { ProcessorDefinition } from "./define.ts";
import { type Flow, isFlow } from "./flow.ts";
import { isPlainObject, isStep, makeStep, type Step } from "./step.ts";

/** What a flow may hold: processors, flows, tables of JavaScript, and functions over rows. */
export type StepLike = Step | Flow | Iterable<object> | AsyncIterable<object> | ((row: never) => unknown);

/** The processors that stand for what is written without one. */
export interface ImplicitProcessors {
  readonly sources: ProcessorDefinition;
  readonly rowFunction: ProcessorDefinition;
}

/** A step with its place: `2`, or `2.1` in a nested flow. */
export interface PlacedStep {
  readonly at: string;
  readonly step: Step;
}

/**
 * The steps of a flow in one list.
 *
 * @throws AirCanError `step-error` for anything that is no step, with its place.
 */
export function placeSteps(
  items: readonly unknown[],
  implicit: ImplicitProcessors,
  prefix = "",
): PlacedStep[] {
  return items.flatMap((item, i) => {
    const at = `${prefix}${i + 1}`;
    if (isFlow(item)) return placeSteps(item.items, implicit, `${at}.`);
    return [{ at, step: stepOf(item, at, implicit) }];
  });
}

function stepOf(item: unknown, at: string, implicit: ImplicitProcessors): Step {
  if (isStep(item)) return item;
  if (isTable(item)) return makeStep(implicit.sources, { sources: [item] });
  if (typeof item === "function" && !/^class\b/.test(Function.prototype.toString.call(item)))
    return makeStep(implicit.rowFunction, { function: item });
  throw new AirCanError("step-error", `Step ${at} of the flow is ${kindOf(item)}, which is no step.`, {
    where: { step: at },
  });
}

function isTable(item: unknown): item is Iterable<object> | AsyncIterable<object> {
  return (
    typeof item === "object" && item !== null && (Symbol.iterator in item || Symbol.asyncIterator in item)
  );
}

function kindOf(item: unknown): string {
  if (item === null || item === undefined) return String(item);
  if (typeof item === "string") return `the text "${item.slice(0, 40)}"`;
  if (typeof item === "function") return `the class ${item.name}`;
  return isPlainObject(item) ? "an object" : `a ${typeof item}`;
}
