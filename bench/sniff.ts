/**
 * How often the sniffer is right on a folder of files: `node bench/sniff.ts FOLDER [TRUTH.tsv]`.
 *
 * Truth has lines of path, delimiter (`tab` for a tab), quote and row of the header (0: none), with tabs
 * between; a file that it does not name is taken to be of commas with a header in row 1. Each file is then
 * written anew in a dialect drawn by a seed, and sniffed again: there the truth is certain.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { decodeText } from "../src/reading/decode-text.ts";
import { guessEncoding } from "../src/reading/encoding.ts";
import { sniff } from "../src/reading/sniff.ts";

interface Truth {
  readonly delimiter: string;
  readonly quote: string;
  readonly header: number;
}

const sampleBytes = 256 * 1024;
const [folder = ".", truthFile] = process.argv.slice(2);
const truths = new Map(
  (truthFile ? readFileSync(truthFile, "utf8") : "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): [string, Truth] => {
      const [path = "", delimiter = ",", quote = '"', header = "1"] = line.split("\t");
      return [path, { delimiter: delimiter === "tab" ? "\t" : delimiter, quote, header: Number(header) }];
    }),
);

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(csv|tsv|tab|psv|dat|txt)$/i.test(entry.name))
  .map(({ parentPath, name }) => join(parentPath, name))
  .sort();

let seed = 7;
const tally = { files: 0, delimiter: 0, header: 0 };
const rewritten = { files: 0, delimiter: 0, cells: 0 };
for (const path of files) {
  const bytes = readFileSync(path);
  const sample = bytes.subarray(0, sampleBytes);
  const text = decodeText(sample, guessEncoding(sample).encoding);
  if (text.trim() === "") continue;
  const name = relative(folder, path);
  const truth = truths.get(name) ?? { delimiter: ",", quote: '"', header: 1 };
  if (truth.delimiter === "none") continue;
  const found = sniff(text, bytes.length <= sampleBytes);
  const { delimiter, headerRows } = found.dialect;
  tally.files++;
  const isRight = delimiter === truth.delimiter || (found.width === 1 && !text.includes(truth.delimiter));
  const hasHeader = (headerRows.at(-1) ?? 0) === truth.header;
  if (isRight) tally.delimiter++;
  if (hasHeader) tally.header++;
  if (!isRight || !hasHeader) report(name, `${JSON.stringify(delimiter)} header ${headerRows.join(",")}`);
  if (isRight && truths.get(name) === undefined) rewrite(name, text);
}
console.log({
  ...tally,
  delimiterShare: tally.delimiter / tally.files,
  headerShare: tally.header / tally.files,
});
console.log({
  ...rewritten,
  share: rewritten.delimiter / rewritten.files,
  cellShare: rewritten.cells / rewritten.files,
});

function report(name: string, found: string): void {
  console.log(`${name}\t${found}`);
}

/** Writes the records of a text in another dialect and sniffs that. */
function rewrite(name: string, text: string): void {
  const { labels, records, width } = sniff(text, false, { delimiter: ",", quote: '"' });
  const table = [labels, ...records].filter((cells) => cells.length === width).slice(0, 60);
  if (width < 2 || table.length < 3) return;
  const delimiter = pick([",", ";", "\t", "|", "^", "~", "\u001f", ":"]);
  const quote = pick(['"', '"', '"', "'"]);
  const end = pick(["\n", "\r\n", "\r"]);
  const always = random() < 0.3;
  const written = table.map((cells) =>
    cells.map((cell) => quoted(cell, { delimiter, quote, always })).join(delimiter),
  );
  const found = sniff(written.join(end) + end, true);
  rewritten.files++;
  const cells = [...(found.labels.length > 0 ? [found.labels] : []), ...found.records];
  const isSame = JSON.stringify(cells) === JSON.stringify(table);
  if (found.dialect.delimiter === delimiter) rewritten.delimiter++;
  if (isSame) rewritten.cells++;
  if (found.dialect.delimiter !== delimiter || !isSame)
    report(
      `rewritten ${name}`,
      `${JSON.stringify(delimiter)} ${quote} → ${JSON.stringify(found.dialect.delimiter)} ${found.dialect.quoteChar}`,
    );
}

function quoted(cell: string, how: { delimiter: string; quote: string; always: boolean }): string {
  const needs = [how.delimiter, how.quote, "\n", "\r"].some((mark) => cell.includes(mark));
  return how.always || needs
    ? how.quote + cell.replaceAll(how.quote, how.quote + how.quote) + how.quote
    : cell;
}

function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}

function pick<T>(choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}
