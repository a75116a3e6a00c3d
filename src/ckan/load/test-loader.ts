import { createDuckDBEngine } from "../../duckdb/engine.ts";
import { loadFile } from "./load-file.ts";

/** A process of its own for the tests that kill it: `test-loader.ts <file> <database>`. */
const [source = "", database = ""] = process.argv.slice(2);
await loadFile({
  source,
  target: { database, kind: "table", mode: "replace", name: "t" },
  onError: "fail",
  engine: createDuckDBEngine(),
  options: {},
});
