import { mkdirSync, writeFileSync } from "node:fs";
import { dataFolder } from "./generate.ts";

const width = 9074;
const rows = 3;

/** A table of far more columns than rows, such as statistics offices publish, and its schema. */
export async function wideTable(): Promise<{ readonly source: string; readonly schema: string }> {
  mkdirSync(dataFolder, { recursive: true });
  const names = Array.from({ length: width }, (_, i) => `c${i}`);
  const isText = (i: number) => i % 3 === 0;
  const row = (n: number) => names.map((_, i) => (isText(i) ? `t${i}` : (i * n) % 97)).join(",");
  const lines = [names.join(","), ...Array.from({ length: rows }, (_, n) => row(n)), ""];
  const [source, schema] = [`${dataFolder}wide.csv`, `${dataFolder}wide.schema.json`];
  writeFileSync(source, lines.join("\n"));
  const fields = names.map((name, i) => ({ name, type: isText(i) ? "string" : "integer" }));
  writeFileSync(schema, JSON.stringify({ fields }));
  return { source, schema };
}
