import { AirCanError } from "../base/errors.ts";
import type { Target } from "./open-targets.ts";
import type { Reference, Related, RelatedTable } from "./table-test.ts";

/** Gives the targets of another package. */
export type OpenPackage = (path: string) => Promise<readonly Target[]>;

/** The tables that those of a package may refer to: of the package itself, and of others. Each is opened once. */
export function relatedTables(targets: () => readonly Target[], openPackage: OpenPackage): Related {
  const opened = new Map<string, Promise<RelatedTable>>();
  const open = async ({ resource, package: path }: Reference): Promise<RelatedTable> => {
    const known = path === undefined ? targets() : await openPackage(path);
    return tableOf(known, resource, path ?? "The package");
  };
  return {
    get names() {
      return targets().map(({ name }) => name);
    },
    open: (reference) => {
      const key = JSON.stringify([reference.package, reference.resource]);
      const table = opened.get(key) ?? open(reference);
      opened.set(key, table);
      return table;
    },
  };
}

async function tableOf(targets: readonly Target[], name: string, place: string): Promise<RelatedTable> {
  const target = targets.find((each) => each.name === name);
  if (target === undefined) {
    const names = targets.map((each) => each.name).join(", ");
    throw new AirCanError(
      "unknown-resource",
      `${place} has no resource "${name}"; it has ${names || "none"}.`,
    );
  }
  const [problem] = target.problems.filter(({ severity }) => severity === "error");
  if (problem) throw new AirCanError("resource-error", `"${name}" cannot be opened: ${problem.message}`);
  const [table] = await target.open();
  if (table === undefined) throw new AirCanError("source-error", `"${name}" has no table.`);
  return { table, schema: target.schema };
}
