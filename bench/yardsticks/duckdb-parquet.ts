import { DuckDBInstance } from "@duckdb/node-api";
import { columns } from "../generate.ts";

/** P1's yardstick: DuckDB alone, the same file to Parquet with the types given. */
const [source = "", target = ""] = process.argv.slice(2);
const types = {
  integer: "BIGINT",
  datetime: "TIMESTAMP",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  string: "VARCHAR",
  date: "DATE",
};
const given = columns.map(([name, type]) => `'${name}': '${types[type]}'`).join(", ");
const connection = await (await DuckDBInstance.create(":memory:")).connect();
await connection.run(
  `COPY (SELECT * FROM read_csv('${source}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${given}}))
   TO '${target}' (FORMAT parquet, COMPRESSION zstd)`,
);
