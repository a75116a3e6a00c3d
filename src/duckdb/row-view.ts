import type { DataChunk } from "@duckdb/node-bindings";
import { AirCanError } from "../base/errors.ts";
import type { Row } from "../plan/relation.ts";
import type { Column } from "./expression.ts";
import { writeJson } from "./json-text.ts";
import { type ReadCell, readVector } from "./read-vector.ts";

/** A chunk of rows while a function runs over it. A column is opened when it is first read. */
export interface RowChunk {
  data: DataChunk | null;
  readonly cells: (ReadCell | undefined)[];
}

/** The row that a function sees: nothing is read before it is asked for. */
class RowState {
  readonly chunk: RowChunk;
  readonly index: number;
  changes: Row | null = null;

  constructor(chunk: RowChunk, index: number) {
    this.chunk = chunk;
    this.index = index;
  }
}

export interface RowView {
  readonly open: (data: DataChunk) => RowChunk;
  readonly row: (chunk: RowChunk, index: number) => Row;
  /** From here on the chunk's memory belongs to DuckDB again: rows of it answer with an error. */
  readonly close: (chunk: RowChunk) => void;
}

export interface RowNames {
  /** The fields of a row; those that no column is there for are answered by `onMissed`. */
  readonly names: readonly string[];
  readonly onMissed: (name: string) => never;
}

/**
 * Rows over the columns of chunks. A row behaves like a plain object (spread, `in`, `JSON.stringify`,
 * assignment); kept after its function returned, it says that it must be copied.
 */
export function rowView(columns: readonly Column[], { names, onMissed }: RowNames): RowView {
  const known = new Set(names);
  const indexes = new Map(columns.map(({ field }, i) => [field.name, i]));

  function read({ chunk, index }: RowState, number: number): unknown {
    const read = chunk.cells[number] ?? open(chunk, number);
    return read?.(index);
  }

  function open(chunk: RowChunk, number: number): ReadCell | undefined {
    const column = columns[number];
    if (chunk.data === null) throw keptRow();
    const read = column && readVector(chunk.data, number, column);
    chunk.cells[number] = read;
    return read;
  }

  function get(state: RowState, key: string | symbol): unknown {
    if (state.changes !== null && typeof key === "string" && Object.hasOwn(state.changes, key))
      return state.changes[key];
    const column = indexes.get(key as string); // a symbol is no key of the map
    if (column !== undefined) return read(state, column);
    if (known.has(key as string)) return onMissed(key as string); // a symbol is in no set of names
    return key === "toJSON" ? () => jsonOf(state) : undefined;
  }

  function jsonOf(state: RowState): unknown {
    return JSON.parse(writeJson(Object.fromEntries(keysOf(state).map((key) => [key, get(state, key)]))), raw);
  }

  const keysOf = ({ changes }: RowState): string[] =>
    changes === null ? [...names] : [...names, ...Object.keys(changes).filter((key) => !known.has(key))];

  const handler: ProxyHandler<RowState> = {
    get,
    set(state, key, value) {
      if (typeof key !== "string") return false;
      state.changes ??= {};
      state.changes[key] = value;
      return true;
    },
    has: (state, key) => keysOf(state).includes(String(key)),
    ownKeys: keysOf,
    getOwnPropertyDescriptor: (state, key) =>
      keysOf(state).includes(String(key))
        ? { value: get(state, key), writable: true, enumerable: true, configurable: true }
        : undefined,
    deleteProperty: (state, key) => handler.set?.(state, key, null, state) ?? false,
    getPrototypeOf: () => Object.prototype,
  };

  return {
    open: (data) => ({ data, cells: [] }),
    // a proxy of the state that behaves like a plain row
    row: (chunk, index) => new Proxy(new RowState(chunk, index), handler) as unknown as Row,
    close: (chunk) => {
      chunk.data = null;
      chunk.cells.length = 0;
    },
  };
}

/** Integers beyond 2^53 keep their digits in `JSON.stringify`. */
function raw(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  const digits = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || digits === undefined) return value;
  return (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON(digits); // in Node since 21, not yet in the types
}

function keptRow(): AirCanError {
  return new AirCanError("row-function-error", "A row was read after its row function had returned.", {
    hint: "Copy a row that you keep: `{...row}`.",
  });
}
