import { posix } from "node:path";
import { AirCanError } from "../../base/errors.ts";
import type { Guess } from "../../descriptor/types.ts";

interface Choosing {
  /** Name, number from 1 or pattern, if told. */
  readonly told: string | number | undefined;
  readonly source: string;
}

/**
 * Which of the tables of a file or database are read: those that are told, else the first.
 *
 * @throws AirCanError `format-error` if there is none such.
 */
export function chooseTables(
  names: readonly string[],
  { told, source }: Choosing,
): { readonly chosen: readonly string[]; readonly guess?: Guess } {
  const [first, ...others] = names;
  if (told === undefined && first !== undefined) {
    if (others.length === 0) return { chosen: [first] };
    const reason = `the first table; others are ${others.slice(0, 10).join(", ")}`;
    return {
      chosen: [first],
      guess: { property: "dialect.table", value: first, confidence: 0.5, reason },
    };
  }
  const chosen = told === undefined ? [] : fitting(names, told);
  if (chosen.length > 0) return { chosen };
  const what = told === undefined ? "no table" : `no table "${told}"`;
  const list = names.length === 0 ? "" : `; its tables are ${names.slice(0, 30).join(", ")}`;
  throw new AirCanError("format-error", `${source} has ${what}${list}.`, {
    hint: names.length === 0 ? "Give a database that holds tables." : "Name one of them with `--table`.",
    where: { source },
  });
}

function fitting(names: readonly string[], told: string | number): readonly string[] {
  const exact = names.filter((name) => name === told);
  if (exact.length > 0) return exact;
  if (typeof told === "number") return names.slice(told - 1, told);
  const same = names.filter((name) => name.toLowerCase() === told.toLowerCase());
  return same.length > 0 ? same : names.filter((name) => posix.matchesGlob(name, told));
}
