import { dumpToPath, flow, load } from "../../src/index.ts";

/** Writes one package again and again, each time with another version in every row, until it is killed. */
const [target = "", first = "0"] = process.argv.slice(2);
const names = Array.from({ length: 12 }, (_, i) => `table-${i}`);
for (let version = Number(first); ; version++) {
  const tables = names.map((name) => load({ name, data: [{ version }, { version }] }));
  await (flow as (...items: unknown[]) => ReturnType<typeof flow>)(...tables, dumpToPath(target)).run();
  process.stdout.write(`${version}\n`);
}
