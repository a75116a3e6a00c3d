import { type PartPlace, partText } from "../reading/parts.ts";
import type { Session } from "./session.ts";
import { text } from "./sql.ts";

/** Parts of the tables of a session, by the name of their resource. */
const known = new WeakMap<Session, Map<string, readonly PartPlace[]>>();

/** Keeps where the files begin that a table was put together from, for the messages of its findings. */
export function rememberParts(session: Session, resource: string, places: readonly PartPlace[]): void {
  const all = known.get(session) ?? new Map<string, readonly PartPlace[]>();
  known.set(session, all.set(resource, places));
}

/** What `partText` gives, as SQL over the number of a row. */
export function partTextSql(session: Session, resource: string, row: string): string {
  const places = known.get(session)?.get(resource) ?? [];
  if (places.length === 0) return "''";
  const cases = places.toReversed().map(({ firstRow, skipped, source }) => {
    const shown = `${row} - ${firstRow} + 1 + ${skipped}`;
    return `WHEN ${row} >= ${firstRow} THEN ' (Row ' || (${shown}) || ${text(` of ${source}.)`)}`;
  });
  return `CASE ${cases.join(" ")} ELSE '' END`;
}

/** The text for one row. */
export function partTextOf(session: Session, resource: string, row: number): string {
  return partText(known.get(session)?.get(resource) ?? [], row);
}
