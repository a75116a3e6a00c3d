import type { Guess, Package, Resource } from "../descriptor/types.ts";
import type { Engine, RunOptions, Statistics } from "../plan/engine.ts";
import type { PackagePlan } from "../plan/package-plan.ts";
import type { Relation } from "../plan/relation.ts";
import { placeDoubts } from "../reading/doubts.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { suggestForeignKeys } from "./suggest-foreign-keys.ts";

interface Describing {
  readonly engine: Engine;
  readonly options: RunOptions;
  /** True: with what every field holds. */
  readonly withStatistics: boolean;
}

/** A package that was run, with what speaks against its guesses, and its statistics under `aircan.stats`. */
export async function describeResources(
  found: Package,
  plan: PackagePlan,
  { engine, options, withStatistics }: Describing,
): Promise<Package> {
  const { signal = new AbortController().signal } = options;
  const resources: Resource[] = [];
  for (const resource of found.resources) {
    const relation = plan.resources.find(({ descriptor }) => descriptor.name === resource.name)?.relation;
    if (relation === undefined || relation.kind === "errors") continue;
    const table = textTable(relation);
    const { guesses, suggestions = [], ...aircan } = resource.aircan ?? {};
    const placed = guesses && table ? await placeDoubts(table, guesses, signal) : guesses;
    const stats = withStatistics ? await engine.statistics(relation, options) : undefined;
    const proposed = stats ? verified(suggestions, stats) : suggestions;
    resources.push({
      ...resource,
      aircan: {
        ...aircan,
        ...(placed ? { guesses: placed } : {}),
        ...(proposed.length > 0 ? { suggestions: proposed } : {}),
        ...(stats ? { stats } : {}),
      },
    });
  }
  return { ...found, resources: await withForeignKeys(resources, plan, { engine, options }) };
}

async function withForeignKeys(
  resources: readonly Resource[],
  plan: PackagePlan,
  how: Pick<Describing, "engine" | "options">,
): Promise<readonly Resource[]> {
  if (resources.length < 2) return resources;
  const found = await suggestForeignKeys(resources, plan.resources, how);
  return resources.map((resource) => {
    const keys = resource.schema?.foreignKeys === undefined ? (found.get(resource.name) ?? []) : [];
    if (keys.length === 0) return resource;
    const suggestions = [...(resource.aircan?.suggestions ?? []), ...keys];
    return { ...resource, aircan: { ...resource.aircan, suggestions } };
  });
}

/** The delimited text that a relation reads. */
function textTable(relation: Relation): LocalTable | undefined {
  if (relation.kind === "scan") return relation.table.format === "csv" ? relation.table : undefined;
  return "input" in relation ? textTable(relation.input) : undefined;
}

/** A key that was proposed from samples stays so only if the whole table has it. */
function verified(suggestions: readonly Guess[], { rows, fields }: Statistics): Guess[] {
  return suggestions.flatMap((each): Guess[] => {
    if (each.property !== "schema.primaryKey" || !Array.isArray(each.value)) return [each];
    const field = fields[String(each.value[0])];
    if (field === undefined || field.distinctIs === "estimated") return [each];
    if (field.count !== rows || field.distinct !== rows) return [];
    return [{ ...each, confidence: 1, reason: `every one of ${rows} rows has a value of its own` }];
  });
}
