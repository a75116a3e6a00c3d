import { randomBytes } from "node:crypto";
import { AirCanError } from "../base/errors.ts";
import { hashText } from "../base/hash.ts";
import type { Database } from "./database/database.ts";

/** A link by which anyone may read the report of a run. */
export interface Share {
  readonly id: string;
  readonly created: string;
  /** After it the link leads nowhere; null: never. */
  readonly expires: string | null;
}

interface Row {
  readonly id: string;
  readonly created: Date;
  readonly expires: Date | null;
}

/** Links to reports. Only hashes of their secrets are stored. */
export interface Shares {
  /** The secret is only ever given here. */
  readonly create: (run: string, days?: number) => Promise<Share & { readonly secret: string }>;
  readonly list: (run: string) => Promise<readonly Share[]>;
  readonly revoke: (run: string, id: string) => Promise<void>;
  /** The run that a secret opens. Throws `not-found`. */
  readonly open: (secret: string) => Promise<{ readonly run: string; readonly expires: string | null }>;
}

export function openShares(database: Database): Shares {
  return {
    create: async (run, days) => {
      const secret = randomBytes(24).toString("base64url");
      const [row] = await database.query<Row>(
        `insert into aircan.share (id, run_id, hash, expires)
         values ($1, $2, $3, now() + make_interval(days => $4::int)) returning id, created, expires`,
        [randomBytes(6).toString("hex"), run, hashText(secret), days ?? null],
      );
      if (!row) throw new AirCanError("bug", "A link was stored but not given back.");
      return { ...shareOf(row), secret };
    },
    list: async (run) =>
      (
        await database.query<Row>(
          "select id, created, expires from aircan.share where run_id = $1 order by created",
          [run],
        )
      ).map(shareOf),
    revoke: async (run, id) => {
      const rows = await database.query(
        "delete from aircan.share where run_id = $1 and id = $2 returning id",
        [run, id],
      );
      if (rows.length === 0) throw new AirCanError("not-found", `There is no link "${id}" to this report.`);
    },
    open: (secret) => openShare(database, secret),
  };
}

async function openShare(database: Database, secret: string) {
  const [row] = await database.query<Row & { readonly run_id: string }>(
    "select id, created, expires, run_id from aircan.share where hash = $1 and (expires is null or expires > now())",
    [hashText(secret)],
  );
  if (row) return { run: row.run_id, expires: shareOf(row).expires };
  throw new AirCanError("not-found", "The link to this report is not valid, or not any more.", {
    hint: "Ask whoever sent it for a new one.",
  });
}

function shareOf({ id, created, expires }: Row): Share {
  return { id, created: created.toISOString(), expires: expires?.toISOString() ?? null };
}
