import { addField, dumpToPath, flow, load } from "aircan";

/** P2: two row functions between CSV and CSV. */
export default flow(
  load(process.env.BENCH_SOURCE ?? ""),
  addField("total", "number", (row: { price: number; quantity: number }) => row.price * row.quantity),
  addField(
    "label",
    "string",
    (row: { name: string; city: string }) => `${row.name} (${row.city.toUpperCase()})`,
  ),
  dumpToPath(process.env.BENCH_TARGET ?? ""),
);
