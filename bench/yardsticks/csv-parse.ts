import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { stringify } from "csv-stringify";

/** P2's yardstick: what one writes by hand, csv-parse → two functions → csv-stringify. */
const [source = "", target = ""] = process.argv.slice(2);
await pipeline(
  createReadStream(source),
  parse({ columns: true }),
  async function* (rows: AsyncIterable<Record<string, string>>) {
    for await (const row of rows) {
      const total = Number(row.price) * Number(row.quantity);
      yield { ...row, total, label: `${row.name} (${row.city?.toUpperCase()})` };
    }
  },
  stringify({ header: true }),
  createWriteStream(target),
);
