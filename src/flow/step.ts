import { AirCanError } from "../base/errors.ts";
import { parseConfig } from "./config.ts";
import type { ProcessorDefinition } from "./define.ts";

/**
 * A processor with its configuration: what a builder gives and a flow holds. `In` and `Out` are the types
 * of a row before and after it; they exist for the compiler only.
 */
export interface Step<In = unknown, Out = unknown> {
  readonly kind: "step";
  readonly definition: ProcessorDefinition;
  readonly config: unknown;
  /** The configuration as it was given, without what the schema fills in. */
  readonly given: unknown;
  readonly rowTypes?: (row: In) => Out;
}

/** True for what a builder gives. */
export function isStep(value: unknown): value is Step {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "step";
}

/**
 * A step from a definition and what the user wrote.
 *
 * @throws AirCanError `config-error` naming the option.
 */
export function makeStep(definition: ProcessorDefinition, config: unknown): Step {
  return { kind: "step", definition, config: parseConfig(definition, config), given: config };
}

/**
 * The builder of a processor: takes the properties of `definition.arguments` by position, then an object
 * with the others (or everything in one object).
 */
export function builderOf(definition: ProcessorDefinition): (...args: readonly unknown[]) => Step {
  return (...args) => makeStep(definition, configOf(definition, args));
}

function configOf(definition: ProcessorDefinition, args: readonly unknown[]): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  args.forEach((argument, i) => {
    const name = definition.arguments[i];
    const isOptions =
      isPlainObject(argument) &&
      i === args.length - 1 &&
      (name === undefined || i > 0 || !acceptsObject(definition, name));
    if (isOptions) Object.assign(config, argument);
    else if (name === undefined)
      throw new AirCanError(
        "config-error",
        `${definition.name} takes ${definition.arguments.length} arguments and an object of options, not ${args.length}.`,
        { where: { processor: definition.name } },
      );
    else if (argument !== undefined) config[name] = argument;
  });
  return config;
}

/** Processors whose first argument is itself an object of any keys say so by naming it in `objects`. */
const acceptsObject = (definition: ProcessorDefinition, name: string) =>
  definition.objects?.includes(name) ?? false;

/** True for `{…}` literals, false for arrays, functions and instances of classes. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
