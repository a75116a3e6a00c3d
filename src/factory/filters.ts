import { AirCanError } from "../base/errors.ts";
import type { ListFilter } from "./factory-types.ts";

/** Where a page of runs ended. */
export interface Position {
  readonly created: string;
  readonly id: string;
}

/** What a filter says, as SQL over `aircan.run` with its values. */
export function conditionOf(filter: ListFilter): { readonly where: string; readonly values: unknown[] } {
  const values: unknown[] = [];
  const parts: string[] = [];
  const add = (value: unknown, sql: (place: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    parts.push(sql(`$${values.length}`));
  };
  const equal = (column: string) => (place: string) => `${column} = ${place}`;
  add(filter.dag, equal("dag"));
  add(filter.status === undefined ? undefined : [filter.status].flat(), (place) => `status = any(${place})`);
  add(filter.jobType, equal("job_type"));
  add(filter.dataset, equal("dataset"));
  add(filter.resource, equal("resource"));
  add(filter.user, equal('"user"'));
  add(instantOf(filter.since, "since"), (place) => `created >= ${place}`);
  add(instantOf(filter.until, "until"), (place) => `created < ${place}`);
  add(filter.q === undefined ? undefined : patternOf(filter.q), (place) => `${searched} ilike ${place}`);
  return { where: parts.length === 0 ? "true" : parts.join(" and "), values };
}

const searched = `concat_ws(' ', id, dag, dataset, resource, "user", note)`;

/** What `ilike` finds a text with, wherever it stands. */
export function patternOf(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

function instantOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined || !Number.isNaN(Date.parse(text))) return text;
  throw new AirCanError("usage-error", `"${text}" is no instant, as \`${name}\` needs it.`, {
    hint: "Write it like 2026-01-31T12:00:00Z.",
  });
}

/** Rows of a page: 50 unless told, 500 at most. */
export function pageSize({ limit = 50 }: Pick<ListFilter, "limit">): number {
  if (Number.isInteger(limit) && limit >= 1) return Math.min(limit, 500);
  throw new AirCanError("usage-error", `The limit ${limit} is no number from 1 to 500.`);
}

/** @throws AirCanError `usage-error` if the text is no cursor of ours. */
export function cursorOf(text: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (typeof value === "object" && value !== null && "created" in value && "id" in value) {
      const { created, id } = value;
      if (typeof created === "string" && typeof id === "string" && !Number.isNaN(Date.parse(created)))
        return { created, id };
    }
  } catch {
    // Falls through to the error.
  }
  throw new AirCanError("usage-error", "The cursor was not made by this factory.", {
    hint: "Give back `next_cursor` as it was, or leave it out.",
  });
}
