import { existsSync, renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type CellObject, utils, write } from "@e965/xlsx";
import { parse } from "csv-parse/sync";
import { columns, dataFolder, generate } from "./generate.ts";
import { compare, type Figure, measure, megabytes, seconds, times } from "./measure.ts";

/** The generated table as a workbook with shared texts and dates in their format; made once. */
async function workbook(rows: number): Promise<string> {
  const path = `${dataFolder}rows-${rows}.xlsx`;
  if (existsSync(path)) return path;
  const text = await readFile(await generate(rows), "utf8");
  const lines: string[][] = parse(text);
  const cells = lines.map((values, row) =>
    columns.map(([, type], i) => cellOf(values[i] ?? "", row === 0 ? "string" : type)),
  );
  const sheet = {
    "!data": cells,
    "!ref": `A1:${utils.encode_cell({ r: cells.length - 1, c: columns.length - 1 })}`,
  };
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, "Data");
  writeFileSync(`${path}.part`, write(book, { type: "buffer", bookSST: true, compression: true }));
  renameSync(`${path}.part`, path);
  return path;
}

function cellOf(value: string, type: (typeof columns)[number][1]): CellObject {
  if (value === "") return { t: "z" };
  if (type === "date" || type === "datetime") {
    const day =
      Date.parse(type === "date" ? value : `${value.replace(" ", "T").slice(0, 19)}Z`) / 86_400_000 + 25_569;
    return { t: "n", v: day, z: type === "date" ? "yyyy-mm-dd" : "yyyy-mm-dd hh:mm:ss" };
  }
  if (type === "boolean") return { t: "b", v: value === "true" };
  return type === "string" ? { t: "s", v: value } : { t: "n", v: Number(value) };
}

/** V5: a workbook into rows on disk, against the fastest reader of npm, which gives them in memory. */
export async function v5(rows: number, rounds: number): Promise<Figure> {
  const path = await workbook(Math.min(rows, 100_000));
  const read = (reader: string) => () => measure(["bench/yardsticks/read-xlsx.ts", reader, path]);
  const { ours, theirs } = await compare(rounds, read("aircan"), read("read-excel-file"));
  const ratio = ours.seconds / theirs.seconds;
  return {
    id: "V5",
    title: "XLSX, 100,000 × 15, into rows",
    measured: seconds(ours.seconds),
    yardstick: `read-excel-file: ${seconds(theirs.seconds)}, ${megabytes(theirs.peak)}`,
    ratio: times(ratio),
    reach: "≤ 1.5 ×",
    reached: ratio <= 1.5,
    peak: ours.peak,
  };
}
