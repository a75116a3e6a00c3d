import type { Readable } from "node:stream";
import { SaxesParser } from "saxes";
import { AirCanError } from "../../base/errors.ts";

/** An element with what is in it. Names have no namespace prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  /** Its own text, without white space around it. */
  text: string;
}

/** Told of the start of each element, with the names from the root; true: it is a record. */
export type XmlWatch = (path: readonly string[], hasAttributes: boolean) => boolean;

/** Deeper documents are no tables. */
const maxDepth = 200;
/** A record with more text than this is none. */
const maxCharacters = 1 << 26;

/**
 * Reads an XML document as a stream and gives its records, element by element. Entities of a DTD are unknown
 * here, so that none can grow or lead outside.
 *
 * @throws AirCanError `format-error` with line and column, for what is not well-formed; `encoding-error`.
 */
export async function* xmlRecords(
  text: AsyncIterable<string>,
  source: string,
  watch: XmlWatch,
): AsyncGenerator<readonly XmlElement[]> {
  const reader = new RecordReader(source, watch);
  for await (const part of text) yield reader.read(part);
  yield reader.end();
}

class RecordReader {
  readonly #parser = new SaxesParser({ position: true, xmlns: false } as const);
  readonly #source: string;
  readonly #watch: XmlWatch;
  readonly #path: string[] = [];
  /** The record that is being read, and the elements that are open in it. */
  readonly #open: XmlElement[] = [];
  #characters = 0;
  #records: XmlElement[] = [];

  constructor(source: string, watch: XmlWatch) {
    this.#source = source;
    this.#watch = watch;
    this.#parser.on("error", (error) => {
      throw this.#error(error.message.replace(/^\S*?\d+:\d+: /, ""));
    });
    this.#parser.on("opentag", ({ name, attributes }) => this.#opened(localName(name), attributes));
    this.#parser.on("closetag", () => this.#closed());
    for (const kind of ["text", "cdata"] as const) this.#parser.on(kind, (text) => this.#read(text));
  }

  read(text: string): readonly XmlElement[] {
    this.#parser.write(text);
    const records = this.#records;
    this.#records = [];
    return records;
  }

  end(): readonly XmlElement[] {
    this.#parser.close();
    return this.#records;
  }

  #opened(name: string, written: Readonly<Record<string, string>>): void {
    this.#path.push(name);
    if (this.#path.length > maxDepth) throw this.#error(`elements are nested more than ${maxDepth} deep`);
    const attributes = plainAttributes(written);
    const isRecord = this.#watch(this.#path, Object.keys(attributes).length > 0);
    if (!isRecord && this.#open.length === 0) return;
    const element: XmlElement = { name, attributes, children: [], text: "" };
    this.#open.at(-1)?.children.push(element);
    this.#open.push(element);
  }

  #read(text: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) return;
    this.#characters += text.length;
    if (this.#characters > maxCharacters) throw this.#error("one record has more than 64 MB of text");
    element.text += text;
  }

  #closed(): void {
    this.#path.pop();
    const element = this.#open.pop();
    if (element === undefined) return;
    element.text = element.text.trim();
    if (this.#open.length > 0) return;
    this.#records.push(element);
    this.#characters = 0;
  }

  #error(text: string): AirCanError {
    const { line, column } = this.#parser;
    const message = `${this.#source} cannot be read as XML: ${text.replace(/\.$/, "")}, at line ${line}, column ${column}.`;
    return new AirCanError("format-error", message, {
      hint: "Correct the file there, or have it written again.",
      where: { source: this.#source, line },
    });
  }
}

const localName = (name: string) => name.slice(name.indexOf(":") + 1);

/** Attributes without those that speak of namespaces and schemas. */
function plainAttributes(written: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const _ in written) return keptAttributes(written);
  return none;
}

const none: Readonly<Record<string, string>> = {};

function keptAttributes(written: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(written).filter(([name]) => !/^(xmlns|xsi)(:|$)/.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [localName(name), value]));
}

/**
 * The text of an XML document, by its byte order mark, else by what is told, else by its declaration.
 *
 * @throws AirCanError `encoding-error` for bytes that the encoding does not have.
 */
export async function* xmlText(
  bytes: Readable,
  { source, encoding }: { readonly source: string; readonly encoding: string | undefined },
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of bytes) {
      decoder ??= new TextDecoder(encodingOf(chunk, encoding), { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder?.decode() ?? "";
  } catch (error) {
    if (error instanceof AirCanError) throw error;
    const named = decoder?.encoding ?? encoding ?? "declared";
    throw new AirCanError("encoding-error", `${source} has bytes that are not ${named}.`, {
      cause: error,
      where: { source },
    });
  }
}

function encodingOf(start: Buffer, told: string | undefined): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  const declared = /^<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/.exec(start.toString("latin1", 0, 200))?.[1];
  return told ?? declared ?? "utf-8";
}
