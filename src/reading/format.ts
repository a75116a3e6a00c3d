/** The formats that can be read, and the file extensions that mean them. */
export const extensionsByFormat = {
  csv: ["csv", "txt", "dat"],
  tsv: ["tsv", "tab"],
  json: ["json"],
  ndjson: ["ndjson", "jsonl"],
  parquet: ["parquet", "pq"],
} as const satisfies Record<string, readonly string[]>;

const byExtension = new Map(
  Object.entries(extensionsByFormat).flatMap(([format, extensions]) =>
    extensions.map((extension) => [extension as string, format]),
  ),
);

const signatures: readonly (readonly [string, string, string | null])[] = [
  ["PAR1", "a Parquet file", "parquet"],
  ["PK\u0003\u0004", "a zip archive or an Excel or OpenDocument file", null],
  ["\u00d0\u00cf\u0011\u00e0", "an old Excel file", null],
  ["%PDF", "a PDF document", null],
  ["\u0089PNG", "a PNG picture", null],
  ["\u00ff\u00d8\u00ff", "a JPEG picture", null],
  ["GIF8", "a GIF picture", null],
  ["SQLite format 3", "an SQLite database", null],
  ["\u007fELF", "a program", null],
];

/** The format of a file by what its bytes are, else by its extension, else by its first character. */
export function formatOf(fileName: string, sample: Buffer): string {
  const signed = signatures.find(
    ([mark, , format]) => format !== null && sample.subarray(0, mark.length).toString("latin1") === mark,
  );
  if (signed?.[2]) return signed[2];
  const extension = fileName
    .toLowerCase()
    .replace(/\.(gz|zst)$/, "")
    .split(".")
    .at(-1);
  const known = byExtension.get(extension ?? "");
  if (known) return known;
  const start = sample.subarray(0, 4096).toString("utf8").trimStart();
  return start.startsWith("[") ? "json" : start.startsWith("{") ? "ndjson" : "csv";
}

/** A text that is a document of another kind, as a server sends one that wants a log in. */
const documents: readonly (readonly [RegExp, string])[] = [
  [/^\s*(<!--.*?-->\s*)*(<!doctype html|<html[\s>])/is, "a web page"],
  [/^\s*<\?xml\s/i, "an XML document"],
];

/** What a text that holds no table seems to be; undefined for any other. */
export function documentKind(sample: Buffer): string | undefined {
  const start = sample
    .subarray(0, 4096)
    .toString("utf8")
    .replace(/^\ufeff/, "");
  return documents.find(([mark]) => mark.test(start))?.[1];
}

/** What a file that is no text seems to be; undefined for text. */
export function binaryKind(sample: Buffer): string | undefined {
  const signed = signatures.find(([mark]) => sample.subarray(0, mark.length).toString("latin1") === mark);
  if (signed) return signed[1];
  const start = sample.subarray(0, 65536);
  const controls = start.reduce((count, byte) => count + (isControl(byte) ? 1 : 0), 0);
  return controls > Math.max(8, start.length / 50) ? "a binary file" : undefined;
}

/** Bytes that texts do not have: white space, escapes and the four separators of ASCII aside. */
const isControl = (byte: number) => byte < 9 || byte === 14 || byte === 15 || (byte > 15 && byte < 27);
