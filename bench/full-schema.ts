import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync, renameSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { columns, dataFolder, generate } from "./generate.ts";

const rules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  id: { minimum: 1 },
  price: { minimum: 0, maximum: 10000 },
  quantity: { minimum: 0, maximum: 1000 },
  city: {
    enum: [
      "Oslo",
      "Tromsø",
      "Ålesund",
      "Bærum",
      "São Paulo",
      "Zürich",
      "Kraków",
      "İzmir",
      "Málaga",
      "Reykjavík",
    ],
  },
  zip: { pattern: "[0-9]{5}" },
  name: { required: true },
  comment: { maxLength: 500 },
  latitude: { minimum: -90, maximum: 90 },
  longitude: { minimum: -180, maximum: 180 },
  category: { pattern: "category [0-9]+" },
  day: { minimum: "2010-01-01" },
};

/** A path to the schema of the generated file with all that it can say: types, patterns, enum, bounds, a key. */
export function fullSchema(): string {
  const fields = columns.map(([name, type]) => ({
    name,
    type,
    ...(name === "email" ? { format: "email" } : {}),
    ...(rules[name] ? { constraints: rules[name] } : {}),
  }));
  const path = `${dataFolder}full.schema.json`;
  writeFileSync(path, JSON.stringify({ fields, primaryKey: ["id"] }));
  return path;
}

/** Every so many-th row has one bad cell, of a kind in turn. */
const everyRow = 200;
const spoiled: readonly (readonly [column: number, spoil: (cell: string) => string])[] = [
  [2, (cell) => `x${cell}`],
  [3, () => "5000"],
  [6, () => "abc"],
  [13, () => "2020-02-30"],
  [5, () => "Berlin"],
  [8, () => "nomail"],
];

/** A path to the generated file with a bad cell in about half a percent of its rows; made once. */
export async function generateBad(rows: number): Promise<string> {
  const source = await generate(rows);
  const path = `${dataFolder}bad-${rows}.csv`;
  if (existsSync(path)) return path;
  const file = createWriteStream(`${path}.part`);
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(source) })) {
    const text = number % everyRow === 0 && number > 0 ? spoil(line, number / everyRow) : line;
    if (!file.write(`${text}\n`)) await once(file, "drain");
    number++;
  }
  file.end();
  await once(file, "finish");
  renameSync(`${path}.part`, path);
  return path;
}

/** Lines that are a whole record without quotes; others stay. */
function spoil(line: string, turn: number): string {
  const cells = line.split(",");
  const [column, change] = spoiled[turn % spoiled.length] ?? [0, (cell: string) => cell];
  if (cells.length !== columns.length || !/^\d+$/.test(cells[0] ?? "")) return line;
  return cells.with(column, change(cells[column] ?? "")).join(",");
}
