import { randomBytes } from "node:crypto";
import { AirCanError } from "../base/errors.ts";
import { hashText } from "../base/hash.ts";
import type { Database } from "./database/database.ts";
import type { Factory, Scope, Token } from "./factory-types.ts";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly created: Date;
  readonly last_used: Date | null;
}

const columns = "id, name, scopes, created, last_used";
/** A token's last use is written once a minute at most. */
const used = "last_used is null or last_used < now() - interval '1 minute'";

/** Tokens of the API: only their hashes are stored. */
export function openTokens(database: Database): Factory["tokens"] {
  return {
    create: async (name, scopes) => {
      const text = `aircan_${randomBytes(24).toString("base64url")}`;
      const rows = await database.query<Row>(
        `insert into aircan.token (id, name, hash, scopes) values ($1, $2, $3, $4) returning ${columns}`,
        [randomBytes(6).toString("hex"), name, hashText(text), [...scopes]],
      );
      return { token: tokenOf(rows[0]), text };
    },
    list: async () =>
      (await database.query<Row>(`select ${columns} from aircan.token order by created`)).map(tokenOf),
    revoke: async (id) => {
      const rows = await database.query("delete from aircan.token where id = $1 returning id", [id]);
      if (rows.length === 0) throw new AirCanError("not-found", `There is no token "${id}".`);
    },
    check: async (text) => {
      const hash = hashText(text);
      const [row] = await database.query<Row>(`select ${columns} from aircan.token where hash = $1`, [hash]);
      if (!row) return undefined;
      await database.query(`update aircan.token set last_used = now() where hash = $1 and (${used})`, [hash]);
      return tokenOf(row);
    },
  };
}

function tokenOf(row: Row | undefined): Token {
  if (!row) throw new AirCanError("bug", "A token was stored but not given back.");
  const { id, name, scopes, created, last_used } = row;
  return { id, name, scopes, created: created.toISOString(), lastUsed: last_used?.toISOString() ?? null };
}
