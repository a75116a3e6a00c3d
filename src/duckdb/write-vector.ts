import duckdb, { type Vector } from "@duckdb/node-bindings";
import type { Wire, WireValue } from "./wire.ts";

/** Writes the values of all rows of a chunk to a vector of the given form. */
export function writeVector(vector: Vector, wire: Wire, values: readonly WireValue[]): void {
  const data = wire === "VARCHAR" ? texts(vector, values) : plainWriters[wire](values);
  duckdb.copy_data_to_vector(vector, 0, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength); // made here, so not shared
  const valid = validity(values);
  if (valid === undefined) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer as ArrayBuffer, 0, valid.byteLength); // made here, so not shared
}

/** One bit a row in whole words; undefined when no value is missing. */
function validity(values: readonly WireValue[]): Uint8Array | undefined {
  if (!values.includes(null)) return undefined;
  const bits = new Uint8Array(Math.ceil(values.length / 64) * 8).fill(0xff);
  for (const [row, value] of values.entries())
    if (value === null) bits[row >> 3] = (bits[row >> 3] ?? 0) & ~(1 << (row & 7));
  return bits;
}

const plainWriters = {
  DOUBLE: (values: readonly WireValue[]) => fill(new Float64Array(values.length), values, Number),
  BIGINT: (values: readonly WireValue[]) => fill(new BigInt64Array(values.length), values, BigInt),
  BOOLEAN: (values: readonly WireValue[]) => fill(new Uint8Array(values.length), values, Number),
};

/** Missing values keep the zero that is there. */
function fill<Item, Items extends { [row: number]: Item }>(
  items: Items,
  values: readonly WireValue[],
  convert: (value: NonNullable<WireValue>) => Item,
): Items {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? null;
    if (value !== null) items[row] = convert(value);
  }
  return items;
}

/** A text of up to so many bytes lies in its entry itself; a longer one where the entry points to. */
const inlined = 12;
const entryBytes = 16;

/**
 * The entries of texts. All longer texts are given to DuckDB as one, with a single call, and the entries
 * point into it: length, first four bytes, address.
 */
function texts(vector: Vector, values: readonly WireValue[]): Buffer {
  const entries = Buffer.alloc(values.length * entryBytes);
  const { bytes, ends } = joined(values);
  const address = bytes.length > inlined ? addressOf(vector, bytes) : 0;
  let start = 0;
  for (let row = 0; row < ends.length; row++) {
    const at = row * entryBytes;
    const end = ends[row] ?? start;
    const length = end - start;
    entries.writeUInt32LE(length, at);
    bytes.copy(entries, at + 4, start, length <= inlined ? end : start + 4);
    if (length > inlined) writeAddress(entries, address + start, at + 8);
    start = end;
  }
  return entries;
}

/** Addresses have 48 bits, so that a number holds them. */
function writeAddress(entries: Buffer, address: number, at: number): void {
  entries.writeUInt32LE(address % 0x1_0000_0000, at);
  entries.writeUInt32LE(Math.floor(address / 0x1_0000_0000), at + 4);
}

/** All texts one after another in UTF-8, and where each ends. */
function joined(values: readonly WireValue[]): { bytes: Buffer; ends: Uint32Array } {
  const longest = values.reduce<number>(
    (sum, value) => sum + (value === null ? 0 : String(value).length * 3),
    0,
  );
  const bytes = Buffer.allocUnsafe(longest);
  const ends = new Uint32Array(values.length);
  let end = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? null;
    if (value !== null) end += bytes.write(String(value), end);
    ends[row] = end;
  }
  return { bytes: bytes.subarray(0, end), ends };
}

/** Where DuckDB keeps a copy of the bytes, as long as the vector lives. */
function addressOf(vector: Vector, bytes: Buffer): number {
  duckdb.vector_assign_string_element_len(vector, 0, bytes);
  const entry = duckdb.vector_get_data(vector, entryBytes);
  return Number(new DataView(entry.buffer, entry.byteOffset).getBigUint64(8, true));
}
