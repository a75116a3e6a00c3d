import { AirCanError } from "../base/errors.ts";
import type { Dialect, Guess, Resource } from "../descriptor/types.ts";
import { isHeadBroken } from "./broken-head.ts";
import { decodeText } from "./decode-text.ts";
import type { DescribeOptions } from "./describe.ts";
import { binaryKind, documentKind } from "./document-kind.ts";
import type { EncodingGuess } from "./encoding.ts";
import { furtherRecords } from "./further-records.ts";
import { columnNames } from "./labels.ts";
import type { LocalTable } from "./local-table.ts";
import { notesOf } from "./notes.ts";
import { type OpenedSource, readSample } from "./open-source.ts";
import type { ReadingContext, ReadingOptions } from "./options.ts";
import { type Sniffed, sniff } from "./sniff.ts";
import { encodingOf } from "./text-encoding.ts";
import { schemaOf } from "./text-schema.ts";
import { transcode } from "./transcode.ts";

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
  const encoding = await encodingOf(text);
  refuseBinary(opened, sample, encoding.encoding);
  const isUtf8 = encoding.encoding === "utf-8";
  const { path, bytes, compression } = isUtf8 ? opened : await transcode(opened, encoding.encoding, context);
  const told = { ...nullsOfSchema(options), ...base.dialect, ...options.resource?.dialect };
  const names = options.names ?? options.resource?.schema?.fields.map(({ name }) => name);
  const known = { dialect: told, ...options, names };
  const decoded = decodeText(sample, encoding.encoding);
  const sniffed = sniff(decoded, complete, known);
  refuseBlank(opened, sniffed);
  const columns = columnNames(
    sniffed.labels,
    sniffed.labels.length > 0 ? sniffed.labels.length : sniffed.width,
  );
  const further = complete || opened.compression || !isUtf8 ? [] : await furtherRecords(opened, sniffed);
  const withNulls = withNullSequence(options, sniffed.dialect);
  const found = schemaOf({ columns, sniffed, further, options: withNulls, isWhole: complete });
  const resource = resourceOf(text, { encoding, sniffed, columns, ...found });
  return {
    path,
    format: "csv",
    compression,
    isSpooled,
    resource,
    columns: found.schema.fields.map(({ name }) => name),
    labels: sniffed.labels,
    isHeadBroken: isHeadBroken(decoded, sniffed.dialect),
    guessed: found.guessed,
    bytes,
  };
}

interface Found extends ReturnType<typeof schemaOf> {
  readonly encoding: EncodingGuess;
  readonly sniffed: Sniffed;
  readonly columns: readonly string[];
}

function resourceOf({ base, options, isSpooled }: TextSource, found: Found): Resource {
  const { encoding, sniffed, schema, guesses, suggestions } = found;
  const declared = options.resource ?? {};
  const notes = [...(base.aircan?.notes ?? []), ...notesOf(found)];
  const dialect = { ...base.dialect, ...declared.dialect, ...sniffed.dialect };
  return {
    ...base,
    ...declared,
    ...(isSpooled ? {} : { format: "csv", encoding: encoding.encoding }),
    dialect: isSpooled ? rowsDialect(dialect) : dialect,
    schema,
    aircan: {
      ...(notes.length > 0 ? { notes } : {}),
      guesses: [
        ...encodingGuess(encoding, options),
        ...sniffed.guesses.filter(
          ({ property }) => !isSpooled || !marks.has(property.replace("dialect.", "")),
        ),
        ...guesses,
      ],
      ...(declared.aircan?.changes ? { changes: declared.aircan.changes } : {}),
      ...(suggestions.length > 0 ? { suggestions } : {}),
    },
  };
}

/** A schema says itself which cells have no value: nothing is guessed beside it. */
function nullsOfSchema({ resource }: DescribeOptions): Pick<Dialect, "nullSequence"> {
  return resource?.schema ? { nullSequence: null } : {};
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

function refuseBlank({ source }: OpenedSource, { labels, records }: Sniffed): void {
  if ([labels, ...records].flat().some((cell) => cell.trim() !== "")) return;
  throw new AirCanError("source-error", `${source} holds no table: its lines are blank.`, {
    where: { source },
  });
}

function refuseBinary({ source }: OpenedSource, sample: Buffer, encoding: string): void {
  const kind = /^utf-(16|32)/.test(encoding) ? undefined : binaryKind(sample);
  const document = documentKind(sample);
  if (kind === undefined && document === undefined) return;
  const what = kind ? `not text: it looks like ${kind}` : `no table: it is ${document}`;
  throw new AirCanError("format-error", `${source} is ${what}.`, {
    hint: document ? documentHint(document) : "Export it as CSV, or name its format with `--format`.",
    where: { source },
  });
}

function documentHint(document: string): string {
  if (document === "a web page")
    return "Look at it in a browser: it may ask for a log in. If it shows the table itself, add `--format html`.";
  const format = document.startsWith("an XML") ? "xml" : "json";
  return `Look at it: it may say why the file was not sent. If it holds the rows themselves, add \`--format ${format}\`.`;
}
