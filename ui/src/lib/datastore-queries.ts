import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get, withQuery } from "./api.ts";
import type { DatastoreSearch } from "./contract.ts";

export interface TableWindow {
  readonly table: string;
  readonly offset: number;
  readonly limit: number;
  /** Such as `"name" desc`; empty: the table's own order. */
  readonly sort: string;
  readonly q: string;
}

/** Some rows of a loaded table, with its fields and how many rows there are. */
export function useTableRows({ table, offset, limit, sort, q }: TableWindow) {
  return useQuery({
    queryKey: ["table", table, { offset, limit, sort, q }],
    queryFn: async ({ signal }) => {
      const query = { resource_id: table, offset, limit, sort, q };
      const answer = await get<{ result: DatastoreSearch }>(
        withQuery("/api/3/action/datastore_search", query),
        signal,
      );
      return answer.result;
    },
    placeholderData: keepPreviousData,
  });
}

/** Where a whole table can be fetched from. */
export function dumpUrl(table: string, format: "csv" | "json" | "parquet"): string {
  return withQuery(`/datastore/dump/${encodeURIComponent(table)}`, { format });
}
