import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { AirCanError } from "../base/errors.ts";
import type { Guess, Note, Resource } from "../descriptor/types.ts";
import { describeText, type TextSource } from "./describe-text.ts";
import type { FormatDefinition, ReadTable } from "./formats/definition.ts";
import { isPostgres } from "./formats/postgres-address.ts";
import { formatNamed, formatOf, formats } from "./formats/registry.ts";
import type { LocalTable } from "./local-table.ts";
import { type OpenedSource, openSource, readSample } from "./open-source.ts";
import type { ReadingContext, ReadingOptions } from "./options.ts";
import type { SourceFacts } from "./sources/definition.ts";
import { storedTable } from "./stored-table.ts";
import { unpack } from "./unpack.ts";

const sampleBytes = 256 * 1024;

export interface DescribeOptions extends ReadingOptions {
  readonly name?: string;
  /** Declared metadata, which wins over what the file shows. */
  readonly resource?: Partial<Resource>;
}

/**
 * Looks at one file: opens it, finds out what it is, and how it is to be read. One that holds several tables
 * gives those that the options name, else the first. Types of delimited text are guessed from samples of the
 * start, the middle and the end; those of JSON and Parquet are the engine's.
 *
 * @throws AirCanError `scheme-error`, `source-error`, `format-error`, `encoding-error`, `compression-error`.
 */
export async function describeFile(
  source: string,
  options: DescribeOptions,
  context: ReadingContext,
): Promise<readonly LocalTable[]> {
  const stored = await storedTable(source, options.name, context);
  if (stored) return [stored];
  if (isPostgres(source)) {
    const { postgresTables } = await import("./formats/postgres.ts"); // only who reads a database waits for its driver
    return postgresTables(source, options, context);
  }
  const opened = await openSource(source, context);
  const files = await unpack(opened, options, context);
  const tables: LocalTable[] = [];
  for (const file of files) {
    const told = files.length > 1 ? { ...options, name: nameOf(file.fileName) } : options;
    const found = await describeOpened(file, told, context);
    tables.push(...found.map((table) => withMember(table, file)));
  }
  const original = { path: opened.path, bytes: opened.bytes };
  return withOwnNames(tables.map((table) => ({ ...withFacts(table, opened.facts), original })));
}

/** Tables whose names are alike, such as those of the sheets "A b" and "a-b", get a number behind. */
function withOwnNames(tables: readonly LocalTable[]): readonly LocalTable[] {
  const taken = new Set<string>();
  return tables.map((table) => {
    const { resource } = table;
    let name = resource.name;
    for (let number = 2; taken.has(name); number++) name = `${resource.name}-${number}`;
    taken.add(name);
    return name === resource.name ? table : { ...table, resource: { ...resource, name } };
  });
}

/** What its server told of a source stands in `aircan.source`. */
function withFacts(table: LocalTable, facts: SourceFacts = {}): LocalTable {
  if (Object.keys(facts).length === 0) return table;
  const { resource } = table;
  return { ...table, resource: { ...resource, aircan: { ...resource.aircan, source: facts } } };
}

/** Which member of an archive was taken, where nobody told: as a guess with its reason, and as a note for people. */
function withMember(table: LocalTable, { member }: OpenedSource): LocalTable {
  if (member === undefined || member.others.length === 0) return table;
  const name = member.path.join("/");
  const more = member.others.length > 10 ? " …" : "";
  const others = member.others.slice(0, 10).join(", ") + more;
  const reason = `the largest table of the archive; others are ${others}`;
  const text = `read is "${name}", the largest table of the archive; it also has ${others}; name one with --member, or several by a pattern such as --member "*.csv"`;
  return withReasons(table, {
    guesses: [{ property: "innerpath", value: name, confidence: 0.7, reason }],
    notes: [{ about: "member", text }],
  });
}

interface Reasons {
  readonly guesses?: readonly Guess[];
  readonly notes?: readonly Note[];
}

/** Guesses and notes before those of the table. */
function withReasons(table: LocalTable, { guesses = [], notes = [] }: Reasons): LocalTable {
  if (guesses.length === 0 && notes.length === 0) return table;
  const { resource } = table;
  const all = [...notes, ...(resource.aircan?.notes ?? [])];
  const aircan = {
    ...resource.aircan,
    ...(all.length > 0 ? { notes: all } : {}),
    guesses: [...guesses, ...(resource.aircan?.guesses ?? [])],
  };
  return { ...table, resource: { ...resource, aircan } };
}

async function describeOpened(
  opened: OpenedSource,
  options: DescribeOptions,
  context: ReadingContext,
): Promise<readonly LocalTable[]> {
  const { source, fileName } = opened;
  const { sample, complete } = await readSample(opened, sampleBytes);
  if (sample.length === 0)
    throw new AirCanError("source-error", `${source} is empty.`, {
      hint: "It has no bytes: export or fetch it again.",
      where: { source },
    });
  const declared = options.resource ?? {};
  const format = formatTold(options, source) ?? formatOf(fileName, sample);
  const found = await format.read(opened, { options, declared, sample, context });
  const tables: LocalTable[] = [];
  for (const table of found) {
    const base = baseOf(opened, { format, table, options, several: found.length > 1 });
    const text = { opened, sample, complete, isSpooled: false, base, options, context };
    if (table.format !== "csv")
      tables.push(structured(table, { ...base, ...declared, name: base.name }, opened));
    else {
      const told = table.resource?.aircan?.guesses ?? [];
      const { resource, ...described } = await describeText(
        table.isSpooled ? await copied(text, table) : text,
      );
      tables.push(
        withReasons({ ...described, resource: { ...resource, name: base.name } }, { guesses: told }),
      );
    }
  }
  return tables;
}

function formatTold({ format, resource }: DescribeOptions, source: string): FormatDefinition | undefined {
  const told = format ?? resource?.format;
  if (told === undefined) return undefined;
  const known = formatNamed(told);
  if (known) return known;
  throw new AirCanError(
    "format-error",
    `${source} has the format "${told}", which cannot be read; known are ${formats.map(({ name }) => name).join(", ")}.`,
    { where: { source } },
  );
}

interface Found {
  readonly format: FormatDefinition;
  readonly table: ReadTable;
  readonly options: DescribeOptions;
  /** True if the file gives more tables than this one. */
  readonly several: boolean;
}

/** What is known of a table before it is looked at. */
function baseOf(opened: OpenedSource, { format, table, options, several }: Found): Resource {
  const { source, fileName, member } = opened;
  const { bytes, compression } = opened.packed ?? opened;
  const file = options.name ?? options.resource?.name ?? nameOf(fileName);
  return {
    name: several && table.name !== undefined ? `${file}-${slug(table.name)}` : file,
    path: source === "-" ? fileName : (member?.archive ?? source),
    ...(member ? { innerpath: member.path.join("/") } : {}),
    type: "table",
    format: table.isSpooled ? format.name : table.format,
    mediatype: table.isSpooled || table.format !== "csv" ? format.mediatype : "text/csv",
    bytes,
    ...(compression ? { compression } : {}),
    ...table.resource,
  };
}

/** The copy of a source in place of it; how it is delimited is known. */
async function copied(text: TextSource, { path }: ReadTable): Promise<TextSource> {
  const { size } = await stat(path);
  const opened: OpenedSource = { ...text.opened, path, bytes: size, compression: null };
  const options = { ...text.options, encoding: "utf-8", delimiter: ",", quote: '"' };
  return { ...text, opened, ...(await readSample(opened, sampleBytes)), isSpooled: true, options };
}

/** A table of a format that says itself what its columns are; the engine looks at them. */
function structured(table: ReadTable, resource: Resource, { bytes, compression }: OpenedSource): LocalTable {
  const { path, format, isSpooled, known } = table;
  const found = { columns: [], labels: [], guessed: [], bytes, ...(known ? { known } : {}) };
  return { path, format, compression: isSpooled ? null : compression, isSpooled, resource, ...found };
}

/** Name of a resource from a file's name: without folder and extensions, in the letters a name may have. */
export function nameOf(fileName: string): string {
  return slug(
    basename(fileName)
      .replace(/\.(gz|zst|bz2|xz)$/i, "")
      .replace(/\.[^.]+$/, ""),
  );
}

const slug = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^-+|-+$/g, "") || "data";
