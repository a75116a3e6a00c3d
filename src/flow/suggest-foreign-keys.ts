import type { Guess, Resource } from "../descriptor/types.ts";
import { distinct, project } from "../plan/build.ts";
import type { Engine, RunOptions } from "../plan/engine.ts";
import type { PlannedResource } from "../plan/package-plan.ts";

interface Suggesting {
  readonly engine: Engine;
  readonly options: RunOptions;
}

/** Values that a key, or a field that may refer to it, may have to be looked at. */
const mostValues = 100_000;

interface Key {
  readonly resource: Resource;
  readonly field: string;
}

interface Pair {
  readonly key: Key;
  readonly resource: Resource;
  readonly field: string;
}

/**
 * Foreign keys that the data would keep: fields that are called as the key of another resource, or as that
 * resource, and have only values of that key. By the name of the resource that would have the key.
 */
export async function suggestForeignKeys(
  resources: readonly Resource[],
  planned: readonly PlannedResource[],
  suggesting: Suggesting,
): Promise<ReadonlyMap<string, readonly Guess[]>> {
  const found = new Map<string, Guess[]>();
  const values = valueReader(planned, suggesting);
  for (const pair of pairsOf(resources)) {
    const [own, known] = [
      await values(pair.resource.name, pair.field),
      await values(pair.key.resource.name, pair.key.field),
    ];
    if (own === null || known === null || own.size === 0 || ![...own].every((each) => known.has(each)))
      continue;
    const guess = guessOf(pair, own.size);
    found.set(pair.resource.name, [...(found.get(pair.resource.name) ?? []), guess]);
  }
  return found;
}

function guessOf({ key, field }: Pair, count: number): Guess {
  return {
    property: "schema.foreignKeys",
    value: [{ fields: [field], reference: { resource: key.resource.name, fields: [key.field] } }],
    confidence: Math.round((1 - 1 / (count + 1)) * 90) / 100,
    reason: `all ${count} values of "${field}" stand in "${key.field}" of "${key.resource.name}"`,
  };
}

/** Fields that by their names and types may refer to a key of another resource. */
function pairsOf(resources: readonly Resource[]): Pair[] {
  const keys = resources.flatMap(keyOf);
  return resources.flatMap((resource) =>
    (resource.schema?.fields ?? []).flatMap(({ name, type }) =>
      keys
        .filter((key) => key.resource !== resource && typeOf(key) === type && mayRefer(name, key))
        .map((key) => ({ key, resource, field: name })),
    ),
  );
}

/** The key of one field that a resource has, or for which it was proposed. */
function keyOf(resource: Resource): Key[] {
  const suggested = resource.aircan?.suggestions?.find(
    ({ property }) => property === "schema.primaryKey",
  )?.value;
  const fields = resource.schema?.primaryKey ?? (Array.isArray(suggested) ? suggested.map(String) : []);
  const [field, other] = fields;
  return field !== undefined && other === undefined ? [{ resource, field }] : [];
}

const typeOf = ({ resource, field }: Key) => resource.schema?.fields.find(({ name }) => name === field)?.type;

/** `town_id`, `townId` or `town` for the key of `towns`, `country` for that of `countries`; else the key's own name, if it says more than `id`. */
function mayRefer(name: string, { resource, field }: Key): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const table = plain(resource.name)
    .replace(/ies$/, "y")
    .replace(/(?:e?s|er)$/, "");
  const [own, key] = [plain(name), plain(field)];
  const says = key.length > 3;
  if (own === key) return says;
  return (
    table.length > 2 &&
    own.startsWith(table) &&
    /^(?:e?s|er)?(?:id|key|code|nr|no|number)?$/.test(own.slice(table.length))
  );
}

/** Reads the different values of a field as texts; null if they are too many. */
function valueReader(planned: readonly PlannedResource[], { engine, options }: Suggesting) {
  const read = new Map<string, Promise<ReadonlySet<string> | null>>();
  const values = async (resource: string, field: string): Promise<ReadonlySet<string> | null> => {
    const relation = planned.find(({ descriptor }) => descriptor.name === resource)?.relation;
    const known = relation?.schema.fields.find(({ name }) => name === field);
    if (relation === undefined || known === undefined) return null;
    const at = { step: "end", processor: "describe" };
    const one = distinct(project(relation, [{ field: known }], at), [field], at);
    const found = new Set<string>();
    for await (const batch of engine.stream(one, options)) {
      for (const row of batch) if (row[field] !== null) found.add(String(row[field]));
      if (found.size > mostValues) return null;
    }
    return found;
  };
  return (resource: string, field: string) => {
    const name = JSON.stringify([resource, field]);
    const known = read.get(name) ?? values(resource, field);
    read.set(name, known);
    return known;
  };
}
