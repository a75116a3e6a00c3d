import type { Field, FieldType } from "../../descriptor/types.ts";
import { cellTest } from "../types/registry.ts";

/** What SQLite gives for a cell, integers as bigint. */
export type SqliteValue = null | bigint | number | string | Uint8Array;

/** What is found out of a field. */
interface Typed {
  readonly type: FieldType;
  readonly format?: string;
  readonly zoned?: boolean;
}

const texts: readonly Typed[] = [
  { type: "date" },
  { type: "datetime", zoned: false },
  { type: "datetime", zoned: true },
  { type: "datetime", format: "%Y-%m-%d %H:%M:%S", zoned: false },
  { type: "time" },
];

const number: Typed = { type: "number" };

/** The types that SQLite's words for columns mean, where the cells do not say; by its own rules of affinity. */
const declared: readonly (readonly [RegExp, Typed])[] = [
  [/BOOL/, { type: "boolean" }],
  [/INT/, { type: "integer" }],
  [/CHAR|CLOB|TEXT/, { type: "string" }],
  [/DATETIME|TIMESTAMP/, { type: "datetime", zoned: false }],
  [/DATE/, { type: "date" }],
  [/TIME/, { type: "time" }],
  [/REAL|FLOA|DOUB|NUM|DEC/, number],
];

/**
 * A column of an SQLite table, whose cells may have any type: gathers what they are. A field's type is that
 * of all its cells; what the table says of the column decides where they could be more than one.
 */
export class SqliteColumn {
  readonly name: string;
  readonly #declared: Typed | undefined;
  readonly #kinds = new Set<"integer" | "number" | "text" | "blob" | "wide">();
  #tests: { readonly type: Typed; readonly fits: (text: string) => boolean }[];

  constructor(name: string, type: string | null) {
    this.name = name;
    this.#declared = declared.find(([words]) => words.test((type ?? "").toUpperCase()))?.[1];
    const candidates = this.#declared?.type === "number" ? [number, ...texts] : texts;
    this.#tests = candidates.map((type) => ({ type, fits: cellTest({ name, ...type }) }));
  }

  /** The text form of a cell, with every digit; null for none. Bytes are base64. */
  text(value: SqliteValue): string | null {
    if (value === null) return null;
    if (typeof value === "bigint") {
      this.#kinds.add(value === 0n || value === 1n ? "integer" : "wide");
      return String(value);
    }
    if (typeof value === "number") {
      this.#kinds.add("number");
      return Number.isFinite(value) ? String(value) : value > 0 ? "INF" : "-INF";
    }
    if (typeof value === "string") {
      this.#kinds.add("text");
      if (this.#tests.length > 0) this.#tests = this.#tests.filter(({ fits }) => fits(value));
      return value;
    }
    this.#kinds.add("blob");
    return Buffer.from(value).toString("base64");
  }

  /** The field that holds all cells so far. */
  field(): Field {
    return { name: this.name, ...this.#type() };
  }

  #type(): Typed {
    const kinds = this.#kinds;
    const has = (...all: readonly string[]) => [...kinds].every((kind) => all.includes(kind));
    if (kinds.size === 0) return this.#declared ?? { type: "string" };
    if (has("integer") && this.#declared?.type === "boolean") return { type: "boolean" };
    if (has("integer", "wide")) return this.#declared?.type === "number" ? number : { type: "integer" };
    if (has("integer", "wide", "number")) return number;
    if (has("blob")) return { type: "string", format: "binary" };
    const [fitting] = kinds.has("blob") ? [] : this.#tests;
    if (fitting?.type === number) return number;
    return has("text") && fitting ? fitting.type : { type: "string" };
  }
}
