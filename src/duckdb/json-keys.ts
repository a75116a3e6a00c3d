import { AirCanError } from "../base/errors.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { jsonObjects } from "./compile-source.ts";
import type { StructuredColumn } from "./scan.ts";
import { query, type Session } from "./session.ts";

/**
 * The columns of a JSON file, each with the key that it stands under. The engine takes `ID` and `id` for one
 * name, calls the latter `id_1`, and then finds no such key.
 *
 * @throws AirCanError `format-error` if the keys cannot be told apart.
 */
export async function withKeys(
  session: Session,
  table: LocalTable,
  columns: readonly StructuredColumn[],
): Promise<readonly StructuredColumn[]> {
  if (!columns.some(({ field }) => mayBeRenamed(field.name, columns))) return columns;
  const keys = await keysOf(session, table);
  return columns.map((column, i) => {
    const { name } = column.field;
    const key = keys[i] ?? "";
    if (name === key) return column;
    if (keys.length === columns.length && name.startsWith(`${key}_`)) return { ...column, key };
    throw new AirCanError(
      "format-error",
      `The objects of ${String(table.resource.path)} have keys that differ only in case: ${keys.slice(0, 20).join(", ")}.`,
      { hint: "Write each key in one way.", where: { source: String(table.resource.path) } },
    );
  });
}

/** True for `id_1` beside `ID`; also for a key that is really so. */
function mayBeRenamed(name: string, columns: readonly StructuredColumn[]): boolean {
  const base = /^(.*)_\d+$/s.exec(name)?.[1]?.toLowerCase();
  return base !== undefined && columns.some(({ field }) => field.name.toLowerCase() === base);
}

/** The keys of all objects, in the order of their first appearance. */
async function keysOf(session: Session, { path, format }: LocalTable): Promise<string[]> {
  const rows = await query(
    session,
    `SELECT key FROM (SELECT *, generate_subscripts(keys, 1) AS place, unnest(keys) AS key FROM (SELECT row_number() OVER () AS "row", json_keys(json) AS keys FROM ${jsonObjects(path, format)})) GROUP BY key ORDER BY min(("row", place))`,
  );
  return rows.map(([key]) => String(key));
}
