import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from } from "pg-copy-streams";
import { columns } from "../generate.ts";

/** P3's yardstick: COPY from a client into a bare table with the same types; nothing is checked on our side. */
const [source = "", url = ""] = process.argv.slice(2);
const types = {
  integer: "bigint",
  datetime: "timestamp",
  number: "double precision",
  boolean: "boolean",
  string: "text",
  date: "date",
};
const client = new pg.Client({ connectionString: url });
await client.connect();
await client.query("DROP TABLE IF EXISTS yardstick");
await client.query(
  `CREATE TABLE yardstick (${columns.map(([name, type]) => `"${name}" ${types[type]}`).join(", ")})`,
);
await pipeline(
  createReadStream(source, { highWaterMark: 1 << 18 }),
  client.query(from("COPY yardstick FROM STDIN (FORMAT csv, HEADER true)")),
);
await client.end();
