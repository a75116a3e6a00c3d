import { isUtf8 } from "node:buffer";
import { columnNames } from "../labels.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import { isLongDecimal, mayHoldLong } from "./json-digits.ts";
import type { JsonRows } from "./json-find.ts";
import { jsonParts } from "./json-parts.ts";
import { type JsonItem, JsonScanner } from "./json-scanner.ts";

/** How the items of a JSON list become rows. */
export interface JsonShape {
  readonly rows: JsonRows;
  /** Keys of the objects that are read, or names for the items of lists; found out unless told. */
  readonly names?: readonly string[];
  /** True if the first of several lists holds the names. */
  readonly header: boolean;
  /** Makes the row's object of an item that is valid JSON; undefined for an item that is none. */
  readonly toRow?: (text: string) => string | undefined;
}

/** The rows of a JSON document. */
export interface JsonLines {
  /** A line of JSON each, every value as it is written; numbers that no double holds as text. */
  readonly lines: AsyncGenerator<string>;
  /** Names of columns with such numbers and no other texts, known when all lines were read. */
  readonly longDecimals: () => string[];
}

export function jsonLines(opened: OpenedSource, shape: JsonShape): JsonLines {
  const scanner = new JsonScanner(readSource(opened), opened.source);
  const writer = new RowWriter(scanner, shape);
  return { lines: written(scanner, writer, shape), longDecimals: () => writer.longDecimals() };
}

async function* written(
  scanner: JsonScanner,
  writer: RowWriter,
  { rows: { path, as } }: JsonShape,
): AsyncGenerator<string> {
  const items = scanner.items({
    choose: (at) => {
      if (at.length < path.length) return at.every((key, i) => key === path[i]) ? "enter" : "skip";
      if (at.some((key, i) => key !== path[i])) return "skip";
      return as === "one" || as === "documents" ? "one" : "each";
    },
  });
  for await (const batch of items) yield batch.map((item) => writer.line(item)).join("");
}

type Kind = "object" | "list" | "value";

class RowWriter {
  readonly #scanner: JsonScanner;
  readonly #shape: JsonShape;
  #kind: Kind | undefined;
  #names: readonly string[] | undefined;
  #row = 0;
  readonly #long = new Set<string>();
  readonly #others = new Set<string>();

  constructor(scanner: JsonScanner, shape: JsonShape) {
    this.#scanner = scanner;
    this.#shape = shape;
    this.#names = shape.names;
  }

  line(found: JsonItem): string {
    this.#row++;
    const item = this.#rowOf(found);
    const value = this.#parsed(item);
    const kind: Kind = Array.isArray(value) ? "list" : typeof value === "object" ? "object" : "value";
    this.#kind ??= kind;
    if (value === null) return `${this.#withKey(item, "{}")}\n`;
    if (kind !== this.#kind)
      throw this.#error(
        item,
        `${nameOf(kind)} stands where the rows before are ${nameOf(this.#kind).replace(/^an? /, "")}s`,
      );
    const text = this.#single(item, kind);
    if (typeof value === "object")
      this.#note(kind === "list" && this.#names ? named(this.#names, value) : value);
    if (kind === "list") return this.#list(item, text);
    if (kind === "value") return `${this.#withKey(item, `{"value":${text}}`)}\n`;
    return `${this.#withKey(item, this.#shape.names ? this.#picked(text, this.#shape.names) : text)}\n`;
  }

  longDecimals(): string[] {
    return [...this.#long].filter((name) => !this.#others.has(name));
  }

  /** The value on one line, its long decimals as texts. */
  #single({ text }: JsonItem, kind: Kind): string {
    const line = text.toString().replace(/[\r\n]+/g, " ");
    if (!mayHoldLong(line)) return line;
    if (kind === "value") return isLongDecimal(line) ? this.#quoted("value", line) : line;
    const parts = jsonParts(line).map(({ key, text }, i) => {
      const name = key ?? this.#names?.[i] ?? "";
      const value = isLongDecimal(text) ? this.#quoted(name, text) : text;
      return key === null ? value : `${JSON.stringify(key)}:${value}`;
    });
    return kind === "list" ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
  }

  #quoted(name: string, text: string): string {
    this.#long.add(name);
    return `"${text}"`;
  }

  /** Which columns hold anything else than numbers. */
  #note(row: object): void {
    for (const [name, value] of Object.entries(row))
      if (typeof value !== "number" && value !== null) this.#others.add(name);
  }

  #rowOf(item: JsonItem): JsonItem {
    const { toRow } = this.#shape;
    if (toRow === undefined) return item;
    this.#parsed(item);
    const text = toRow(item.text.toString());
    if (text === undefined) throw this.#error(item, "it is not a Feature");
    return { ...item, text: Buffer.from(text) };
  }

  #parsed(item: JsonItem): unknown {
    if (!isUtf8(item.text))
      throw this.#error(item, "bytes are not UTF-8; name the encoding with `--encoding`");
    try {
      return JSON.parse(item.text.toString());
    } catch (error) {
      throw this.#error(item, error instanceof Error ? error.message : String(error));
    }
  }

  #error(item: JsonItem, text: string) {
    return this.#scanner.error(`row ${this.#row}: ${text}`, item.byteOffset);
  }

  /** A member of an object begins with its key. */
  #withKey({ key }: JsonItem, text: string): string {
    if (key === null) return text;
    const rest = text.slice(1).trimStart();
    return `{"key":${JSON.stringify(key)}${rest.startsWith("}") ? rest : `,${rest}`}`;
  }

  #picked(text: string, names: readonly string[]): string {
    const parts = new Map(jsonParts(text).map((part) => [part.key, part.text]));
    return `{${names.map((name) => `${JSON.stringify(name)}:${parts.get(name) ?? "null"}`).join(",")}}`;
  }

  #list(item: JsonItem, text: string): string {
    const cells = jsonParts(text).map((part) => part.text);
    if (this.#names === undefined) {
      if (this.#shape.header) {
        const labels = cells.map((cell) =>
          cell.startsWith('"') ? String(JSON.parse(cell)) : cell === "null" ? "" : cell,
        );
        this.#names = columnNames(labels, labels.length);
        return "";
      }
      this.#names = cells.map((_, i) => `field${i + 1}`);
    }
    const names = this.#names;
    if (cells.length > names.length)
      throw this.#error(item, `it has ${cells.length} cells where there are ${names.length} names`);
    return `${this.#withKey(item, `{${names.map((name, i) => `${JSON.stringify(name)}:${cells[i] ?? "null"}`).join(",")}}`)}\n`;
  }
}

/** The cells of a list under their names. */
function named(names: readonly string[], cells: object): object {
  return Object.fromEntries(Object.values(cells).map((cell, i) => [names[i] ?? "", cell]));
}

const nameOf = (kind: Kind) =>
  kind === "list" ? "a list" : kind === "object" ? "an object" : "a lone value";
