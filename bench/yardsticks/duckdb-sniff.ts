import { DuckDBInstance } from "@duckdb/node-api";

/** V3's yardstick: what DuckDB takes for the dialect and the types of a file, and every cell as those. */
const [source = ""] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(":memory:")).connect();
await connection.runAndReadAll(`FROM sniff_csv('${source}')`);
await connection.runAndReadAll(`SELECT count(*), bit_xor(hash(t)) FROM read_csv('${source}') AS t`);
