import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { AirCanError } from "../base/errors.ts";
import { qualified } from "../storage/postgres.ts";
import type { Loading } from "./load-table.ts";

/** Waits until no other load works on the table. The lock ends with the transaction, also when it is killed. */
export async function queueForTable(client: pg.Client, table: string, lockTimeout: number): Promise<void> {
  await client.query(`set local lock_timeout = ${Math.max(1, Math.round(lockTimeout))}`);
  try {
    await client.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`aircan.load:${table}`]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== "55P03") throw error;
    throw new AirCanError(
      "timeout",
      `Another load into ${table} has not ended within ${lockTimeout / 1000} s.`,
      {
        hint: "Wait for the other load to end, or cancel it.",
        cause: error,
      },
    );
  }
}

/** Takes the table from its readers for the moment of the swap: short waits, so that nobody queues behind us long. */
export async function lockForSwap({ client, schema, table, lockTimeout, signal }: Loading): Promise<void> {
  const until = performance.now() + lockTimeout;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    await client.query("savepoint swap; set local lock_timeout = 500");
    try {
      await client.query(`lock table ${qualified(schema, table)} in access exclusive mode`);
      return;
    } catch (error) {
      const busy = error instanceof pg.DatabaseError && (error.code === "55P03" || error.code === "40P01");
      if (!busy) throw error;
      await client.query("rollback to savepoint swap");
      if (performance.now() > until)
        throw new AirCanError(
          "timeout",
          `${table} was in use for ${lockTimeout / 1000} s, so the new rows could not take their place.`,
          {
            hint: "End the long query that reads the table, then load again.",
            cause: error,
          },
        );
      await wait(pause, undefined, { signal });
    }
  }
}
