import type pg from "pg";
import { AirCanError } from "../base/errors.ts";
import type { LoadResult, StagedLoad } from "./load-table.ts";

/** A load that was done before: nothing is left to do. */
export function repeatedLoad(result: LoadResult): StagedLoad {
  const nothing = async () => {};
  return {
    resources: { [result.name]: { rows: result.rows } },
    results: [result],
    repeated: true,
    commit: nothing,
    discard: nothing,
  };
}

/** Runs are never tried again after so long. */
const rememberedDays = 90;

/** Notes in the load's own transaction that it was done. @throws AirCanError if another try was faster. */
export async function remember(client: pg.Client, id: string, loaded: LoadResult): Promise<void> {
  await client.query(
    "delete from aircan.datastore_load where committed < now() - make_interval(days => $1)",
    [rememberedDays],
  );
  const { rowCount } = await client.query(
    "insert into aircan.datastore_load (id, result) values ($1, $2) on conflict do nothing",
    [id, JSON.stringify(loaded)],
  );
  if (rowCount === 0)
    throw new AirCanError("database-error", `Another try of the same load into ${loaded.table} was faster.`, {
      hint: "Nothing is to be done: its rows are there.",
    });
}
