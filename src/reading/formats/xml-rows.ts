import { AirCanError } from "../../base/errors.ts";
import type { XmlElement } from "./xml-records.ts";

/** A column of the rows: where its value stands in a record. */
interface Column {
  /** Names of elements, the last one with `@` before it if it is an attribute; none for the record's own text. */
  readonly path: readonly string[];
  /** True if a record has several, or what is in it is not flat: the cell is JSON then. */
  isList: boolean;
}

const maxColumns = 20_000;

/**
 * The columns that the records of a document have, in the order of their first appearance: attributes,
 * elements, elements in elements (`address.city`). Elements that repeat in a record are one column of JSON.
 */
export class XmlColumns {
  /** By path, with `/` before each name. */
  readonly #columns = new Map<string, Column>();
  #recordName = "value";

  /** Takes a record into account. @throws AirCanError `format-error` for more columns than a table has. */
  note(record: XmlElement): void {
    this.#recordName = record.name;
    this.#noteIn(record, "");
    if (this.#columns.size > maxColumns)
      throw new AirCanError("format-error", `The records have more than ${maxColumns} different elements.`);
  }

  #noteIn({ attributes, children, text }: XmlElement, path: string): void {
    for (const name of Object.keys(attributes)) this.#column(`${path}/@${name}`);
    if (text !== "" || (children.length === 0 && path !== "")) this.#column(path);
    for (const [i, child] of children.entries()) {
      const inner = `${path}/${child.name}`;
      const isRepeated = children.findIndex(({ name }) => name === child.name) < i;
      if (isRepeated) this.#column(inner).isList = true;
      else if (!this.#columns.get(inner)?.isList) this.#noteIn(child, inner);
    }
  }

  #column(path: string): Column {
    const known = this.#columns.get(path);
    if (known) return known;
    const column = { path: path.split("/").slice(1), isList: false };
    this.#columns.set(path, column);
    return column;
  }

  /** The columns: those in a list are part of it. */
  #flat(): Column[] {
    const all = [...this.#columns.values()];
    const lists = all.filter(({ isList }) => isList).map(({ path }) => `${path.join("/")}/`);
    return all.filter(({ path }) => !lists.some((list) => path.join("/").startsWith(list)));
  }

  /** Names; an attribute has the plain one unless an element has it too. */
  names(): string[] {
    const columns = this.#flat();
    const elements = new Set(columns.map(({ path }) => path.join(".")));
    return columns.map(({ path }) => {
      if (path.length === 0) return this.#recordName;
      const plain = path.map((name) => name.replace(/^@/, "")).join(".");
      return path.at(-1)?.startsWith("@") && elements.has(plain) ? path.join(".") : plain;
    });
  }

  /** Gives the function that makes the cells of a record. */
  reader(): (record: XmlElement) => string[] {
    const columns = this.#flat();
    return (record) => columns.map((column) => cellOf(record, column));
  }
}

function cellOf(record: XmlElement, { path, isList }: Column): string {
  let element = record;
  for (const [i, name] of path.entries()) {
    if (name.startsWith("@")) return element.attributes[name.slice(1)] ?? "";
    const child = element.children.find((each) => each.name === name);
    if (child === undefined) return "";
    if (isList && i === path.length - 1)
      return JSON.stringify(element.children.filter((each) => each.name === name).map(jsonOf));
    element = child;
  }
  return element.text;
}

/** An element as JSON: its text, or an object of attributes (`@name`), elements and text (`#text`). */
function jsonOf({ attributes, children, text }: XmlElement): unknown {
  if (children.length === 0 && Object.keys(attributes).length === 0) return text;
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(attributes)) object[`@${name}`] = value;
  if (text !== "") object["#text"] = text;
  for (const child of children) {
    const before = object[child.name];
    const value = jsonOf(child);
    object[child.name] =
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return object;
}
