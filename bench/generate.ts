import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Everything that the benchmark makes lies here. */
export const dataFolder = fileURLToPath(new URL(".data/", import.meta.url));

/** The columns of the generated file, as Table Schema names their types. */
export const columns = [
  ["id", "integer"],
  ["created", "datetime"],
  ["price", "number"],
  ["quantity", "integer"],
  ["active", "boolean"],
  ["city", "string"],
  ["zip", "string"],
  ["name", "string"],
  ["email", "string"],
  ["comment", "string"],
  ["latitude", "number"],
  ["longitude", "number"],
  ["category", "string"],
  ["day", "date"],
  ["note", "string"],
] as const;

const cities = [
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
];
const words = [
  "a quiet street",
  "près du marché",
  "sett fra øst",
  "with parking",
  "third floor",
  "før ombygging",
  "to be checked",
  "größer als zuvor",
  "as delivered",
  "no remarks at all",
];

/** A path to the generated file of so many rows; made once. About 216 bytes a row. */
export async function generate(rows: number): Promise<string> {
  mkdirSync(dataFolder, { recursive: true });
  const path = `${dataFolder}rows-${rows}.csv`;
  if (existsSync(path)) return path;
  const file = createWriteStream(`${path}.part`, { highWaterMark: 1 << 20 });
  const random = mulberry32(20261121);
  file.write(`${columns.map(([name]) => name).join(",")}\n`);
  let chunk = "";
  for (let id = 1; id <= rows; id++) {
    chunk += row(id, random);
    if (chunk.length < 1 << 18 && id < rows) continue;
    if (!file.write(chunk)) await once(file, "drain");
    chunk = "";
  }
  file.end();
  await once(file, "finish");
  renameSync(`${path}.part`, path);
  return path;
}

function row(id: number, random: () => number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
  const integer = (below: number): number => Math.floor(random() * below);
  const two = (value: number): string => String(value).padStart(2, "0");
  const city = pick(cities);
  const comment =
    random() < 0.05
      ? `"${pick(words)}, ""${city}""\n${pick(words)}"`
      : `${pick(words)} ${pick(words)} ${pick(words)}`;
  const day = `20${two(10 + integer(16))}-${two(1 + integer(12))}-${two(1 + integer(28))}`;
  const cells = [
    id,
    `${day}T${two(integer(24))}:${two(integer(60))}:${two(integer(60))}`,
    (random() * 10000).toFixed(2),
    integer(1000),
    random() < 0.5 ? "true" : "false",
    city,
    `0${1000 + integer(9000)}`,
    `person ${integer(1_000_000)} of ${city}`,
    `person.${integer(1_000_000)}@example.org`,
    comment,
    (random() * 180 - 90).toFixed(6),
    (random() * 360 - 180).toFixed(6),
    `category ${integer(50)}`,
    day,
    random() < 0.1 ? "" : pick(words),
  ];
  return `${cells.join(",")}\n`;
}

/** A small generator of numbers in [0, 1) that gives the same ones for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

if (import.meta.main) {
  const rows = Number(process.argv[process.argv.indexOf("--rows") + 1]) || 1_000_000;
  const path = await generate(rows);
  console.log(`${path}: ${rows} rows, ${statSync(path).size} bytes`);
}
