import { createWriteStream } from "node:fs";
import { mkdir, stat, symlink } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { AirCanError } from "../base/errors.ts";
import { fullDialect } from "../descriptor/dialect.ts";
import type { Resource } from "../descriptor/types.ts";
import { eachBlock } from "./each-block.ts";
import type { LocalTable } from "./local-table.ts";
import { type OpenedSource, openSource, readSample, readSource } from "./open-source.ts";
import type { ReadingContext } from "./options.ts";
import type { Part } from "./parts.ts";
import { RecordScanner } from "./record-scanner.ts";
import { spoolPath } from "./spool-path.ts";

/** Several files as one. */
export interface Joined {
  readonly path: string;
  readonly parts: readonly Part[];
}

/**
 * The parts of a resource whose path is a list, put together: byte after byte, as Data Package says. A part
 * of delimited text that begins with the header of the first one, as most do that were exported one by one,
 * goes without it.
 */
export async function joinSources(
  sources: readonly string[],
  { dialect }: Pick<Resource, "dialect">,
  context: ReadingContext,
): Promise<Joined> {
  const opened: OpenedSource[] = [];
  for (const source of sources) opened.push(await openSource(source, context));
  const lines = dialect?.header === false ? 0 : Math.max(1, ...(dialect?.headerRows ?? []));
  const [first] = opened;
  const header = first === undefined || lines === 0 ? null : await startOf(first, lines);
  const isText = header !== null && header.length > 0 && !/^[[{<]|\0/.test(header.toString("latin1"));
  const files: JoinedFile[] = [];
  for (const [i, file] of opened.entries()) {
    const repeats = i > 0 && isText && header.equals((await startOf(file, lines)) ?? Buffer.alloc(0));
    files.push({
      source: file.source,
      stream: () => readSource(file),
      from: repeats ? (await bomLength(file)) + header.length : 0,
      skipped: repeats ? lines : 0,
      isWhole: repeats,
    });
  }
  const name = (first?.fileName ?? "data").replace(/\.(gz|zst|bz2|xz)$/i, "");
  return joined(files, spoolPath(name, context), context.signal);
}

/** The first lines, with their ends but without a byte order mark; null if there are fewer. */
async function startOf(file: OpenedSource, lines: number): Promise<Buffer | null> {
  const { sample } = await readSample(file, 65_536);
  const from = await bomLength(file);
  let end = from;
  for (let line = 0; line < lines; line++) {
    end = sample.indexOf(10, end) + 1;
    if (end === 0) return null;
  }
  return sample.subarray(from, end);
}

async function bomLength(file: OpenedSource): Promise<number> {
  const { sample } = await readSample(file, 3);
  return sample.equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
}

interface JoinedFile {
  readonly source: string;
  readonly stream: () => AsyncIterable<Buffer>;
  /** Bytes at its start that are left out, and the records in them. */
  readonly from: number;
  readonly skipped: number;
  /** True if a new record begins with it: what stands before must end its line. */
  readonly isWhole: boolean;
}

async function joined(files: readonly JoinedFile[], path: string, signal: AbortSignal): Promise<Joined> {
  const parts: Part[] = [];
  let bytes = 0;
  let last = 10;
  const all = async function* () {
    for (const { source, stream, from, skipped, isWhole } of files) {
      if (isWhole && bytes > 0 && last !== 10) {
        bytes++;
        yield Buffer.from("\n");
      }
      parts.push({ source, start: bytes, skipped });
      let left = from;
      for await (const chunk of stream()) {
        const rest = chunk.subarray(left);
        left -= chunk.length - rest.length;
        if (rest.length === 0) continue;
        bytes += rest.length;
        last = rest[rest.length - 1] ?? 10;
        yield rest;
      }
    }
  };
  await pipeline(all, createWriteStream(path), { signal });
  return { path, parts };
}

/**
 * Tables of one form as one file: text in UTF-8 with the header of the first, JSON lines, or a folder that
 * the engine reads as one.
 *
 * @throws AirCanError `source-error` if their columns, formats or dialects differ.
 */
export async function joinTables(tables: readonly LocalTable[], context: ReadingContext): Promise<Joined> {
  const [first, ...others] = tables;
  if (first === undefined) return { path: "", parts: [] };
  for (const other of others) requireAlike(first, other);
  if (first.format !== "csv" && first.format !== "ndjson") return linked(tables, context);
  const files: JoinedFile[] = [];
  for (const [i, table] of tables.entries()) {
    const isFirst = i === 0 || table.format === "ndjson";
    const head = isFirst ? { bytes: 0, rows: 0 } : await headOf(table);
    const source = sourceOf(table);
    const stream = () => readSource({ ...table, source });
    files.push({ source, stream, from: head.bytes, skipped: head.rows, isWhole: true });
  }
  return joined(files, spoolPath(`joined.${first.format}`, context), context.signal);
}

const sourceOf = ({ resource, path }: LocalTable): string =>
  typeof resource.path === "string" ? resource.path : path;

function requireAlike(first: LocalTable, other: LocalTable): void {
  const said = (table: LocalTable): readonly (readonly [string, string])[] => {
    const { delimiter, quoteChar, escapeChar } = fullDialect(table.resource.dialect);
    return [
      ["format", table.format],
      ["columns", table.columns.join(", ")],
      ["delimiter", table.format === "csv" ? JSON.stringify(delimiter) : ""],
      ["quote", table.format === "csv" ? `${quoteChar} ${escapeChar ?? ""}`.trim() : ""],
    ];
  };
  const mine = said(first);
  for (const [i, [what, value]] of said(other).entries()) {
    const expected = mine[i]?.[1] ?? "";
    if (value === expected) continue;
    throw new AirCanError(
      "source-error",
      `${sourceOf(other)} has the ${what} ${value}, but ${sourceOf(first)} has ${expected}; the files of a pattern are read as one table.`,
      {
        hint: "Name the files one by one, or by patterns of those that are alike.",
        where: { source: sourceOf(other) },
      },
    );
  }
}

/** Bytes and records of a file up to the end of its header. */
async function headOf(table: LocalTable): Promise<{ bytes: number; rows: number }> {
  const dialect = fullDialect(table.resource.dialect);
  const rows = Math.max(0, ...dialect.headerRows);
  const scanner = new RecordScanner(dialect);
  let bytes: number | undefined;
  await eachBlock(
    readSource({ ...table, source: table.path }) as AsyncIterable<Buffer>,
    scanner,
    async () => {
      while (scanner.next()) {
        if (scanner.row <= rows) continue;
        bytes = scanner.byteOffset;
        return "stop";
      }
      return undefined;
    },
  );
  return { bytes: bytes ?? Number.MAX_SAFE_INTEGER, rows };
}

/** A folder with links to the files, as the pattern that means them. */
async function linked(tables: readonly LocalTable[], context: ReadingContext): Promise<Joined> {
  const folder = spoolPath("joined", context);
  await mkdir(folder);
  for (const [i, { path }] of tables.entries()) {
    const target = resolve(path);
    await stat(target);
    await symlink(target, join(folder, `${String(i).padStart(6, "0")}${extname(basename(path))}`));
  }
  return { path: join(folder, "*"), parts: [] };
}
