import type { z } from "zod";
import type { ListFilter } from "../factory/factory.ts";
import type { listQuery } from "./contract.ts";

/** The factory's filter for the query of a list. */
export function listFilter({ job_type, ...query }: z.output<typeof listQuery>): ListFilter {
  const given = { ...query, jobType: job_type };
  // the properties that are there are those of a filter; the others go
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ListFilter;
}
