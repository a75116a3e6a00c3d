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
  DOUBLE: (values: readonly WireValue[]) => Float64Array.from(values, (value) => Number(value ?? 0)),
  BIGINT: (values: readonly WireValue[]) => BigInt64Array.from(values, (value) => BigInt(value ?? 0)),
  BOOLEAN: (values: readonly WireValue[]) => Uint8Array.from(values, (value) => (value === true ? 1 : 0)),
};

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
  const address = bytes.length > inlined ? addressOf(vector, bytes) : 0n;
  let start = 0;
  for (const [row, end] of ends.entries()) {
    const at = row * entryBytes;
    const length = end - start;
    entries.writeUInt32LE(length, at);
    bytes.copy(entries, at + 4, start, length <= inlined ? end : start + 4);
    if (length > inlined) entries.writeBigUInt64LE(address + BigInt(start), at + 8);
    start = end;
  }
  return entries;
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
  for (const [row, value] of values.entries()) {
    if (value !== null) end += bytes.write(String(value), end);
    ends[row] = end;
  }
  return { bytes: bytes.subarray(0, end), ends };
}

/** Where DuckDB keeps a copy of the bytes, as long as the vector lives. */
function addressOf(vector: Vector, bytes: Buffer): bigint {
  duckdb.vector_assign_string_element_len(vector, 0, bytes);
  const entry = duckdb.vector_get_data(vector, entryBytes);
  return new DataView(entry.buffer, entry.byteOffset).getBigUint64(8, true);
}
