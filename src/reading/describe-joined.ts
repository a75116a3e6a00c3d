import { stat } from "node:fs/promises";
import { fullDialect } from "../descriptor/dialect.ts";
import type { Resource } from "../descriptor/types.ts";
import { type DescribeOptions, describeFile, nameOf } from "./describe.ts";
import { describeText } from "./describe-text.ts";
import { type Joined, joinTables } from "./join-sources.ts";
import type { LocalTable } from "./local-table.ts";
import { readSample } from "./open-source.ts";
import type { ReadingContext } from "./options.ts";
import { remembered } from "./remembered.ts";
import { matchingSources } from "./sources/matching.ts";

const sampleBytes = 256 * 1024;

/**
 * The files that a pattern means as one table, in the order of their names. All must have the same columns.
 *
 * @throws AirCanError `scheme-error` if no file fits the pattern; `source-error` if they are not alike; as
 *   `describeFile`.
 */
export function describeJoined(
  pattern: string,
  options: DescribeOptions,
  context: ReadingContext,
): Promise<readonly LocalTable[]> {
  const key = [context.temporaryFolder, context.folder, pattern, options];
  return rememberedTables(key, () => describeAll(pattern, options, context));
}

const rememberedTables = remembered<readonly LocalTable[]>(10);

async function describeAll(
  pattern: string,
  options: DescribeOptions,
  context: ReadingContext,
): Promise<readonly LocalTable[]> {
  const sources = await matchingSources(pattern, context);
  const name = options.name ?? patternName(pattern);
  const tables: LocalTable[] = [];
  for (const source of sources) tables.push(...(await describeFile(source, { ...options, name }, context)));
  const [first] = tables;
  if (first === undefined || tables.length === 1) return tables;
  const joined = await joinTables(tables, context);
  const resource: Resource = { ...first.resource, name, path: sources, ...withoutFacts(tables) };
  if (first.format !== "csv") return [{ ...first, path: joined.path, compression: null, resource }];
  const table = await describeCopy({ joined, first, resource, options, context });
  return [{ ...table, isSpooled: tables.some(({ isSpooled }) => isSpooled), parts: joined.parts }];
}

/** What is said of one file, and not of all. */
function withoutFacts(tables: readonly LocalTable[]): Partial<Resource> {
  const bytes = tables.reduce((sum, table) => sum + (table.resource.bytes ?? table.bytes), 0);
  return { bytes, aircan: { notes: [{ about: "parts", text: `${tables.length} files, put together` }] } };
}

interface Copy {
  readonly joined: Joined;
  readonly first: LocalTable;
  readonly resource: Resource;
  readonly options: DescribeOptions;
  readonly context: ReadingContext;
}

/** The types of all files together; how they are delimited is known from the first. */
async function describeCopy({ joined, first, resource, options, context }: Copy): Promise<LocalTable> {
  const { path } = joined;
  const { size } = await stat(path);
  const { delimiter, quoteChar, headerRows, header } = fullDialect(first.resource.dialect);
  const opened = { source: resource.name, path, fileName: resource.name, bytes: size, compression: null };
  const { compression: _, schema: __, aircan: ___, ...base } = resource;
  const table = await describeText({
    opened,
    ...(await readSample(opened, sampleBytes)),
    isSpooled: first.isSpooled,
    base: { ...base, encoding: "utf-8" },
    options: {
      ...options,
      encoding: "utf-8",
      delimiter,
      ...(quoteChar === null ? {} : { quote: quoteChar }),
      headerRows: header ? headerRows : "none",
    },
    context,
  });
  const notes = [...(resource.aircan?.notes ?? []), ...(table.resource.aircan?.notes ?? [])];
  const found = { ...table.resource, bytes: resource.bytes ?? size };
  return { ...table, resource: { ...found, aircan: { ...found.aircan, notes } } };
}

/** Name of the table of a pattern: what its last part has beside `*`, else the folder's name. */
function patternName(pattern: string): string {
  const parts = pattern
    .replace(/^[a-z0-9]+:\/\//i, "")
    .split("/")
    .reverse();
  const words = parts.map((part) =>
    part.replace(/[*?]|\[[^\]]*\]|\{[^}]*\}/g, "").replace(/(\.[a-z]\w*)+$/i, ""),
  );
  const word = words.find((each) => /[\p{L}\p{N}]/u.test(each)) ?? "data";
  return nameOf(word.replace(/^[-_. ]+|[-_. ]+$/g, ""));
}
