import { isAscii } from "node:buffer";
import { open } from "node:fs/promises";
import { AirCanError } from "../base/errors.ts";
import type { Dialect, Guess, Resource } from "../descriptor/types.ts";
import { decodeText, encodingName } from "./decode-text.ts";
import type { DescribeOptions } from "./describe.ts";
import { binaryKind, documentKind } from "./document-kind.ts";
import { type EncodingGuess, guessEncoding, isUtf8 } from "./encoding.ts";
import { columnNames } from "./labels.ts";
import { linesAllOver, linesBeyondAscii, quicklyRead } from "./lines-all-over.ts";
import type { LocalTable } from "./local-table.ts";
import { notesOf } from "./notes.ts";
import { type OpenedSource, readSample } from "./open-source.ts";
import type { ReadingContext, ReadingOptions } from "./options.ts";
import { type Sniffed, sniff } from "./sniff.ts";
import { schemaOf } from "./text-schema.ts";
import { transcode } from "./transcode.ts";

const sampleBytes = 256 * 1024;

/** A file of delimited text, or a copy in that form, and what is known of it. */
export interface TextSource {
  readonly opened: OpenedSource;
  readonly sample: Buffer;
  readonly complete: boolean;
  /** True for a copy of a source that is no text: its lines and bytes mean nothing to people. */
  readonly isSpooled: boolean;
  readonly base: Resource;
  readonly options: DescribeOptions;
  readonly context: ReadingContext;
}

/**
 * Finds out how delimited text is to be read.
 *
 * @throws AirCanError `encoding-error`, `format-error` for what is no text, `source-error` for blank lines.
 */
export async function describeText(given: TextSource): Promise<LocalTable> {
  const text = await withSomeLines(given);
  const { opened, sample, complete, isSpooled, options, base, context } = text;
  const declared = options.resource ?? {};
  const encoding = await encodingOf(text);
  refuseBinary(opened, sample, encoding.encoding);
  const { path, bytes, compression } =
    encoding.encoding === "utf-8" ? opened : await transcode(opened, encoding.encoding, context);
  const decoded = decodeText(sample, encoding.encoding);
  const reading = { dialect: { ...base.dialect, ...declared.dialect }, ...options };
  const sniffed = sniff(decoded, complete, reading);
  if ([sniffed.labels, ...sniffed.records].flat().every((cell) => cell.trim() === ""))
    throw new AirCanError("source-error", `${opened.source} holds no table: its lines are blank.`, {
      where: { source: opened.source },
    });
  const columns = columnNames(
    sniffed.labels,
    sniffed.labels.length > 0 ? sniffed.labels.length : sniffed.width,
  );
  const further =
    complete || opened.compression || encoding.encoding !== "utf-8"
      ? []
      : await furtherRecords(opened, sniffed, reading);
  const known = withNullSequence(options, sniffed.dialect);
  const found = schemaOf({ columns, sniffed, further, options: known, isWhole: complete });
  const { schema, guesses, guessed, suggestions } = found;
  const notes = [...(base.aircan?.notes ?? []), ...notesOf({ encoding, sniffed, columns })];
  const dialect = { ...base.dialect, ...declared.dialect, ...sniffed.dialect };
  const resource: Resource = {
    ...base,
    ...declared,
    ...(isSpooled ? {} : { format: "csv", encoding: encoding.encoding }),
    dialect: isSpooled ? rowsDialect(dialect) : dialect,
    schema,
    aircan: {
      ...(notes.length > 0 ? { notes } : {}),
      guesses: [...encodingGuess(encoding, options), ...sniffed.guesses, ...guesses],
      ...(declared.aircan?.changes ? { changes: declared.aircan.changes } : {}),
      ...(suggestions.length > 0 ? { suggestions } : {}),
    },
  };
  return {
    path,
    format: "csv",
    compression,
    isSpooled,
    resource,
    columns: schema.fields.map(({ name }) => name),
    labels: sniffed.labels,
    guessed,
    bytes,
  };
}

/** The options, with what the dialect says of cells without a value. */
function withNullSequence(options: DescribeOptions, { nullSequence }: Dialect): DescribeOptions {
  if (!nullSequence) return options;
  const { resource, missingValues = [""] } = options;
  const { schema } = resource ?? {};
  const texts = [...new Set([...(schema?.missingValues ?? missingValues), nullSequence])];
  if (!schema) return { ...options, missingValues: texts };
  return { ...options, resource: { ...resource, schema: { ...schema, missingValues: texts } } };
}

const fewLines = 8;
const longestSample = 64 * 1024 * 1024;

/** With a longer sample where lines are so long that it holds hardly any. */
async function withSomeLines(text: TextSource): Promise<TextSource> {
  const { opened, sample, complete } = text;
  let lines = 0;
  for (let at = sample.indexOf(10); at !== -1 && lines < fewLines; at = sample.indexOf(10, at + 1)) lines++;
  const isCarriageReturned = lines === 0 && sample.includes(13);
  if (complete || lines >= fewLines || isCarriageReturned || sample.length >= longestSample) return text;
  return withSomeLines({ ...text, ...(await readSample(opened, sample.length * 16)) });
}

const marks = new Set([
  "delimiter",
  "lineTerminator",
  "quoteChar",
  "doubleQuote",
  "escapeChar",
  "skipInitialSpace",
  "trailingDelimiter",
]);

/** What a dialect says of rows, without what it says of text: a copy has marks of its own. */
function rowsDialect(dialect: Dialect): Partial<Dialect> {
  const said = Object.entries(dialect).filter(([name, value]) => name !== "commentChar" || value !== null);
  return Object.fromEntries(said.filter(([name]) => !marks.has(name)));
}

function encodingGuess({ encoding, confidence, reason }: EncodingGuess, options: ReadingOptions): Guess[] {
  return options.encoding ? [] : [{ property: "encoding", value: encoding, confidence, reason }];
}

async function encodingOf({ sample, complete, options, opened }: TextSource): Promise<EncodingGuess> {
  const told = options.encoding ?? options.resource?.encoding;
  if (told !== undefined) return toldEncoding(told, sample, opened.source);
  const guess = guessEncoding(sample);
  if (complete || guess.encoding !== "utf-8") return guess;
  const lines = sample.subarray(0, sample.lastIndexOf(10) + 1);
  return guessEncoding(Buffer.concat([lines, await linesFurtherOn(opened, sample)]));
}

/** Lines beyond the sample that may tell its encoding. */
async function linesFurtherOn(opened: OpenedSource, sample: Buffer): Promise<Buffer> {
  const size = opened.compression === null ? opened.bytes : opened.bytes * 10;
  if (isAscii(sample) && size <= quicklyRead) return linesBeyondAscii(opened);
  return opened.compression === null ? linesAllOver(opened) : Buffer.alloc(0);
}

function toldEncoding(told: string, sample: Buffer, source: string): EncodingGuess {
  const encoding = encodingName(told);
  if (encoding === undefined)
    throw new AirCanError("encoding-error", `"${told}" is no encoding that is known, for ${source}.`, {
      hint: "Use a name such as utf-8 or windows-1252.",
    });
  const isWide = /^utf-?(16|32)$/i.test(told);
  const found = isWide ? guessEncoding(sample).encoding : encoding;
  const right = found.startsWith(encoding.slice(0, 6)) ? found : encoding;
  return { encoding: right, confidence: 1, reason: "told", ...doubtOf(right, sample) };
}

/** A word about a legacy encoding that was told for what is UTF-8 in every letter. */
function doubtOf(encoding: string, sample: Buffer): Pick<EncodingGuess, "doubt"> {
  if (encoding.startsWith("utf-") || isAscii(sample) || !isUtf8(sample)) return {};
  return {
    doubt: `read as ${encoding}, as told, but every letter fits utf-8; look whether letters are right`,
  };
}

function refuseBinary({ source }: OpenedSource, sample: Buffer, encoding: string): void {
  const kind = /^utf-(16|32)/.test(encoding) ? undefined : binaryKind(sample);
  const document = documentKind(sample);
  if (kind === undefined && document === undefined) return;
  const what = kind ? `not text: it looks like ${kind}` : `no table: it is ${document}`;
  throw new AirCanError("format-error", `${source} is ${what}.`, {
    hint: document
      ? "Look at it in a browser: it may ask for a log in, or say where the file is."
      : "Export it as CSV, or name its format with `--format`.",
    where: { source },
  });
}

/** Records from the middle and the end of a file, read from the first line break after the place. */
async function furtherRecords(
  opened: OpenedSource,
  sniffed: Sniffed,
  options: ReadingOptions,
): Promise<(readonly string[])[]> {
  const file = await open(opened.path);
  try {
    const places = [opened.bytes >> 1, opened.bytes - sampleBytes / 4].filter((place) => place > sampleBytes);
    const found = await Promise.all(
      places.map(async (place) => {
        const buffer = Buffer.alloc(sampleBytes / 4);
        const { bytesRead } = await file.read(buffer, 0, buffer.length, place);
        const text = buffer.toString("utf8", 0, bytesRead);
        const told = {
          ...options,
          delimiter: sniffed.dialect.delimiter,
          quote: sniffed.dialect.quoteChar ?? '"',
          headerRows: "none" as const,
          dialect: { trailingDelimiter: sniffed.dialect.trailingDelimiter === true },
        };
        return sniff(
          text.slice(text.indexOf("\n") + 1),
          place + bytesRead >= opened.bytes,
          told,
        ).records.filter((cells) => cells.length === sniffed.width);
      }),
    );
    return found.flat();
  } finally {
    await file.close();
  }
}
