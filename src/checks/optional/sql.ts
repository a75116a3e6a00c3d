import { z } from "zod";
import { defineCheck } from "../definition.ts";
import { shortened } from "../row-details.ts";

const mostRows = 100;
/** Characters of a row that are shown. */
const longestRow = 2000;

const plain = (_: string, value: unknown) => {
  if (typeof value === "string") return shortened(value, longestRow / 4);
  return typeof value === "bigint" ? String(value) : value;
};

/** A query in the SQL of DuckDB that must give no row; what it gives is the finding. */
export const sql = defineCheck({
  name: "sql",
  level: "table",
  config: z.strictObject({
    query: z
      .string()
      .describe("the query; `data` is this table, and the resources of the package have their own names"),
    message: z.string().optional().describe("what is wrong if it gives a row"),
  }),
  example: {
    query: "SELECT town, sum(share) AS share FROM data GROUP BY town HAVING sum(share) > 1",
    message: "The shares of a town are more than the whole.",
  },
  find: async ({ query, message }, table) => {
    const { count, rows } = await table.askAlone(query, mostRows);
    for (const answer of rows) {
      const shown = shortened(JSON.stringify(answer, plain), longestRow);
      table.report(`${message ?? "The query must give no row, but gives one:"} ${shown}`, { note: shown });
    }
    if (count > rows.length) table.report(`The query gives ${count - rows.length} more rows.`);
  },
});
