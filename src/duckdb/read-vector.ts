import { DuckDBVector } from "@duckdb/node-api";
import duckdb, { type DataChunk, type Vector } from "@duckdb/node-bindings";
import type { Column } from "./expression.ts";
import { reader } from "./values.ts";

/** The value of a row of a chunk as JavaScript sees it. */
export type ReadCell = (row: number) => unknown;

/**
 * Opens one column of a chunk. Numbers and texts, which are most of what functions read, come straight from
 * DuckDB's memory: they may be read as long as the chunk is there.
 */
export function readVector(chunk: DataChunk, index: number, column: Column): ReadCell {
  const vector = duckdb.data_chunk_get_vector(chunk, index);
  const rows = duckdb.data_chunk_get_size(chunk);
  const isValid = readValidity(vector, rows);
  const read = readPlain(vector, column, { rows, isValid });
  if (read !== undefined) return (row) => (isValid(row) ? read(row) : null);
  const items = DuckDBVector.create(vector, rows);
  const value = reader(column);
  return (row) => value(items.getItem(row));
}

type IsValid = (row: number) => boolean;

/** Whether a row has a value; what lies in the place of a missing one is anything. */
function readValidity(vector: Vector, rows: number): IsValid {
  const bits = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8) as Uint8Array | null; // null: all have
  return bits ? (row) => (((bits[row >> 3] ?? 0) >> (row & 7)) & 1) === 1 : () => true;
}

interface Rows {
  readonly rows: number;
  readonly isValid: IsValid;
}

/** A reader of values that are there; undefined for types that are read one by one. */
function readPlain(vector: Vector, { field, type }: Column, { rows, isValid }: Rows): ReadCell | undefined {
  const data = (bytes: number) => duckdb.vector_get_data(vector, rows * bytes);
  if (type === "DOUBLE") return readDoubles(data(8));
  if (type === "BIGINT") return readIntegers(data(8));
  if (type === "BOOLEAN") return readBooleans(data(1));
  if (type === "VARCHAR" && field.type !== "yearmonth" && field.type !== "integer")
    return readTexts(data(16), { rows, isValid });
  return undefined;
}

function readDoubles(data: Uint8Array): ReadCell {
  const items = new Float64Array(data.buffer, data.byteOffset, data.byteLength / 8);
  return (row) => items[row];
}

function readBooleans(data: Uint8Array): ReadCell {
  return (row) => data[row] === 1;
}

/** Integers from their two halves: a BigInt is made only of those that no number holds. */
function readIntegers(data: Uint8Array): ReadCell {
  const halves = new Int32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  const items = new BigInt64Array(data.buffer, data.byteOffset, data.byteLength / 8);
  return (row) => {
    const high = halves[row * 2 + 1] ?? 0;
    const value = high * 0x1_0000_0000 + ((halves[row * 2] ?? 0) >>> 0);
    return Number.isSafeInteger(value) ? value : items[row];
  };
}

/** A text of up to so many bytes lies in its entry itself; a longer one where the entry points to. */
const inlined = 12;

/**
 * Texts lie in the file's buffer or one after another, so most are near the one of the row before. Those are
 * fetched together: a call into DuckDB for each costs more than to copy what lies between. Less than a page
 * lies between two, so that every byte fetched is memory that DuckDB has.
 */
const pageBytes = 4096;

function readTexts(data: Uint8Array, rows: Rows): ReadCell {
  const entries = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const { blocks, blockOf, startOf } = fetchBlocks(entries, rows);
  return (row) => {
    const length = entries.readUInt32LE(row * 16);
    const bytes = length <= inlined ? entries : blocks[blockOf[row] ?? 0];
    const start = length <= inlined ? row * 16 + 4 : (startOf[row] ?? 0);
    return bytes?.toString("utf8", start, start + length);
  };
}

interface Blocks {
  readonly blocks: readonly Buffer[];
  /** For each row with a longer text the block that holds it, and where it begins there. */
  readonly blockOf: Uint16Array;
  readonly startOf: Uint32Array;
}

function fetchBlocks(entries: Buffer, { rows, isValid }: Rows): Blocks {
  const blocks: Buffer[] = [];
  const blockOf = new Uint16Array(rows);
  const startOf = new Uint32Array(rows);
  let block = { row: -1, begin: 0, end: 0 };
  const fetch = () => {
    if (block.row >= 0) blocks.push(bytesAt(entries, block.row, block.end - block.begin));
  };
  for (let row = 0; row < rows; row++) {
    const length = isValid(row) ? entries.readUInt32LE(row * 16) : 0;
    if (length <= inlined) continue;
    const begin = entries.readUInt32LE(row * 16 + 12) * 0x1_0000_0000 + entries.readUInt32LE(row * 16 + 8);
    if (block.row < 0 || begin < block.begin || begin - block.end >= pageBytes) {
      fetch();
      block = { row, begin, end: begin };
    }
    block.end = Math.max(block.end, begin + length);
    blockOf[row] = blocks.length;
    startOf[row] = begin - block.begin;
  }
  fetch();
  return { blocks, blockOf, startOf };
}

/** So many bytes from where the entry of a row points to. */
function bytesAt(entries: Buffer, row: number, length: number): Buffer {
  const { buffer, byteOffset } = entries;
  const data = duckdb.get_data_from_pointer(buffer as ArrayBuffer, byteOffset + row * 16 + 8, length); // vectors never lie in shared memory
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
