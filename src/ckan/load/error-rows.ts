import { open } from "node:fs/promises";
import type { Dialect, Resource } from "../../descriptor/types.ts";
import type { RowError } from "../../plan/relation.ts";
import { decodeText } from "../../reading/decode-text.ts";
import { readSource } from "../../reading/open-source.ts";
import { splitRecords } from "../../reading/split-records.ts";

/** Bytes that a record is looked for in; of a longer one, the first cells are shown. */
const windowBytes = 64 * 1024;

const shownCell = 1000;

export interface RecordFile {
  /** Local path. */
  readonly path: string;
  /** As described: dialect, encoding, compression. */
  readonly resource: Resource;
}

/**
 * The cells of the records that findings are about, by the byte where each record begins: as they stand in
 * the file. Only those records are read; a compressed file is read up to the last of them.
 */
export async function readRecords(
  file: RecordFile,
  findings: readonly RowError[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const offsets = new Set(findings.flatMap(({ byteOffset }) => (byteOffset === null ? [] : [byteOffset])));
  const records = new Map<number, readonly string[]>();
  if (offsets.size === 0) return records;
  const { encoding = "utf-8" } = file.resource;
  const sorted = [...offsets].sort((a, b) => a - b);
  for await (const { offset, data, complete } of windows(file, sorted))
    records.set(offset, cellsOf(decodeText(data, encoding), complete, file.resource.dialect ?? {}));
  return records;
}

interface Window {
  readonly offset: number;
  readonly data: Buffer;
  /** True if the file ends in it. */
  readonly complete: boolean;
}

function windows(file: RecordFile, offsets: readonly number[]): AsyncIterable<Window> {
  const { compression, name } = file.resource;
  const packed = compression === "gz" || compression === "zst" ? compression : null;
  if (packed === null) return plainWindows(file.path, offsets);
  return streamWindows(readSource({ source: name, path: file.path, compression: packed }), offsets);
}

async function* plainWindows(path: string, offsets: readonly number[]): AsyncIterable<Window> {
  const file = await open(path);
  try {
    for (const offset of offsets) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(windowBytes), 0, windowBytes, offset);
      yield { offset, data: buffer.subarray(0, bytesRead), complete: bytesRead < windowBytes };
    }
  } finally {
    await file.close();
  }
}

async function* streamWindows(
  source: AsyncIterable<Buffer>,
  offsets: readonly number[],
): AsyncIterable<Window> {
  let held = Buffer.alloc(0);
  let start = 0;
  let next = 0;
  const take = function* (complete: boolean): Iterable<Window> {
    for (let offset = offsets[next]; offset !== undefined; offset = offsets[++next]) {
      if (!complete && offset + windowBytes > start + held.length) return;
      const at = offset - start;
      yield {
        offset,
        data: held.subarray(at, at + windowBytes),
        complete: complete && at + windowBytes > held.length,
      };
    }
  };
  for await (const chunk of source) {
    held = Buffer.concat([held, chunk]);
    yield* take(false);
    const wanted = offsets[next];
    if (wanted === undefined) return;
    const unused = Math.min(held.length, Math.max(0, wanted - start));
    held = held.subarray(unused);
    start += unused;
  }
  yield* take(true);
}

function cellsOf(text: string, complete: boolean, dialect: Partial<Dialect>): string[] {
  const reading = {
    delimiter: dialect.delimiter ?? ",",
    quote: dialect.quoteChar === undefined ? '"' : dialect.quoteChar,
    escape: dialect.escapeChar ?? null,
    comment: null,
  };
  const [record] = splitRecords(text, { ...reading, complete });
  const cells = record ?? splitRecords(text, { ...reading, complete: true })[0] ?? [];
  return cells.map((cell) => (cell.length > shownCell ? `${cell.slice(0, shownCell)}…` : cell));
}
