/**
 * How often the sniffer is right on collections of files: `node bench/sniff.ts FOLDER[=TRUTH] …`.
 *
 * Truth is either lines of path, delimiter (`tab` for a tab), quote and last row of the header (0: none, `-`: not
 * known), with tabs between; or the annotations that public collections share, which begin with
 * `file_name|encoding|fields_delimiter|quotechar|`. Only files that it names are measured. Without it, all files
 * are, and are taken to be of commas with a header in row 1.
 *
 * With `--rewrite`, each file is also written anew in a dialect drawn by a seed, and sniffed again: there the
 * truth is certain. With `--wrong`, the files that are not right are listed.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { renderTable } from "../src/cli/table.ts";
import { decodeText } from "../src/reading/decode-text.ts";
import { guessEncoding } from "../src/reading/encoding.ts";
import { type Sniffed, sniff } from "../src/reading/sniff.ts";

interface Truth {
  readonly delimiter: string;
  readonly quote: string;
  /** The last row of the header; 0: none. */
  readonly header: number | undefined;
}

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly complete: boolean;
  readonly truth: Truth;
}

const sampleBytes = 256 * 1024;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rewrite: { type: "boolean", default: false },
    wrong: { type: "boolean", default: false },
  },
});

let seed = 7;
const measured = positionals.map((argument) => measure(...(argument.split("=") as [string, string?])));
print(["collection", "files", "delimiter", "quote", "header"], measured);
if (values.rewrite) print(["collection", "files", "delimiter", "cells"], rewritten());

function print(titles: readonly string[], rows: readonly (readonly string[])[]): void {
  const columns = titles.map((title, i) => ({ title, right: i > 0 }));
  console.log(renderTable(columns, rows, { width: 120, widest: 60 }));
}

/** Of a collection: its files, and shares of those that are right. */
function measure(folder: string, truthFile?: string): string[] {
  const samples = samplesOf(folder, truthFile);
  const found = samples.map((sample) => verdictOf(sample));
  const headers = found.filter(({ header }) => header !== undefined);
  return [
    folder,
    `${samples.length}`,
    share(found.filter(({ delimiter }) => delimiter).length, found.length),
    share(found.filter(({ quote }) => quote).length, found.length),
    share(headers.filter(({ header }) => header).length, headers.length),
  ];
}

function verdictOf({ name, text, complete, truth }: Sample) {
  const found = sniff(text, complete);
  const verdict = {
    delimiter:
      found.dialect.delimiter === truth.delimiter || (found.width === 1 && !text.includes(truth.delimiter)),
    quote: !text.includes(truth.quote) || (found.dialect.quoteChar ?? "") === truth.quote,
    header: truth.header === undefined ? undefined : (found.dialect.headerRows.at(-1) ?? 0) === truth.header,
  };
  if (values.wrong && Object.values(verdict).includes(false)) report(name, found);
  return verdict;
}

function report(name: string, { dialect }: Sniffed): void {
  const { delimiter, quoteChar, headerRows } = dialect;
  console.log(`${name}\t${JSON.stringify(delimiter)} ${quoteChar} header ${headerRows.join(",")}`);
}

function samplesOf(folder: string, truthFile?: string): Sample[] {
  const truths = truthFile === undefined ? undefined : truthsOf(readFileSync(truthFile, "utf8"));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(csv|tsv|tab|psv|dat|txt)$/i.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .flatMap((path) => {
      const name = relative(folder, path);
      const truth = truths === undefined ? { delimiter: ",", quote: '"', header: 1 } : truths.get(name);
      const bytes = readFileSync(path);
      const sample = bytes.subarray(0, sampleBytes);
      const text = decodeText(sample, guessEncoding(sample).encoding);
      return truth === undefined || text.trim() === ""
        ? []
        : [{ name, text, complete: bytes.length <= sampleBytes, truth }];
    });
}

function truthsOf(text: string): Map<string, Truth> {
  const lines = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  const isShared = lines[0]?.startsWith("file_name|") ?? false;
  return new Map((isShared ? lines.slice(1) : lines).map(isShared ? sharedTruth : ownTruth));
}

function ownTruth(line: string): [string, Truth] {
  const [path = "", delimiter = ",", quote = '"', header = "1"] = line.split("\t");
  return [
    path,
    {
      delimiter: delimiter === "tab" ? "\t" : delimiter,
      quote,
      header: header === "-" ? undefined : Number(header),
    },
  ];
}

function sharedTruth(line: string): [string, Truth] {
  const marks: Readonly<Record<string, string>> = {
    comma: ",",
    semicolon: ";",
    tab: "\t",
    space: " ",
    vslash: "|",
    nsign: "#",
    singlequote: "'",
  };
  const [path = "", , delimiter = "", quote = ""] = line.split("|");
  return [path, { delimiter: marks[delimiter] ?? ",", quote: marks[quote] ?? '"', header: undefined }];
}

function rewritten(): string[][] {
  return positionals.map((argument) => {
    const [folder = ".", truthFile] = argument.split("=");
    const found = samplesOf(folder, truthFile).flatMap((sample) => rewrite(sample));
    const right = (what: "delimiter" | "cells") => found.filter((each) => each[what]).length;
    const shares = [right("delimiter"), right("cells")].map((count) => share(count, found.length));
    return [folder, `${found.length}`, ...shares];
  });
}

/** Writes the records of a text in another dialect and sniffs that. */
function rewrite({ name, text, truth }: Sample): { delimiter: boolean; cells: boolean }[] {
  const told = { delimiter: truth.delimiter, quote: truth.quote };
  const { labels, records, width } = sniff(text, false, told);
  const table = [labels, ...records].filter((cells) => cells.length === width).slice(0, 60);
  if (width < 2 || table.length < 3) return [];
  const delimiter = pick([",", ";", "\t", "|", "^", "~", "\u001f", ":"]);
  const quote = pick(['"', '"', '"', "'"]);
  const end = pick(["\n", "\r\n", "\r"]);
  const always = random() < 0.3;
  const written = table.map((cells) =>
    cells.map((cell) => quoted(cell, { delimiter, quote, always })).join(delimiter),
  );
  const found = sniff(written.join(end) + end, true);
  const cells = [...(found.labels.length > 0 ? [found.labels] : []), ...found.records];
  const isSame = JSON.stringify(cells) === JSON.stringify(table);
  const isFound = found.dialect.delimiter === delimiter;
  if (values.wrong && !(isFound && isSame))
    report(`rewritten ${name} with ${JSON.stringify(delimiter)} ${quote}`, found);
  return [{ delimiter: isFound, cells: isSame }];
}

function quoted(cell: string, how: { delimiter: string; quote: string; always: boolean }): string {
  const needs = [how.delimiter, how.quote, "\n", "\r"].some((mark) => cell.includes(mark));
  return how.always || needs
    ? how.quote + cell.replaceAll(how.quote, how.quote + how.quote) + how.quote
    : cell;
}

function share(right: number, of: number): string {
  return of === 0 ? "–" : `${right} (${((100 * right) / of).toFixed(1)} %)`;
}

function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}

function pick<T>(choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}
