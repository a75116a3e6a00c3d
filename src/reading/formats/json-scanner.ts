import { AirCanError } from "../../base/errors.ts";

/** A value of a JSON document, as it is written there. */
export interface JsonItem {
  /** Its key, if it is a member of an object. */
  readonly key: string | null;
  readonly text: Buffer;
  /** Of its first byte, from 0. */
  readonly byteOffset: number;
}

/** What a value begins with: an object, a list, anything else. */
export type JsonKind = "{" | "[" | "value";

/**
 * What happens with the value at a path of keys: `enter` looks at what is in an object or list, `each`
 * gives the items of a list or the members of an object, `one` gives the value itself, `count` tells `onCount`
 * how many items it has, `skip` passes over it.
 */
export type JsonChoice = "enter" | "each" | "one" | "count" | "skip";

export interface JsonVisit {
  readonly choose: (path: readonly string[], kind: JsonKind) => JsonChoice;
  readonly onCount?: (path: readonly string[], count: number, first: JsonKind | null) => void;
}

const space = [0x20, 0x09, 0x0a, 0x0d];
const quote = 0x22;
const backslash = 0x5c;
const open = [0x7b, 0x5b];
const close = [0x7d, 0x5d];
/** Items are given in lists of about so many. */
const batchLength = 500;
/** A value may be so long; longer ones are no rows. */
const maxBytes = 1 << 28;

/**
 * Reads JSON as a stream: what a visitor asks for, as it is written, so that no digit is lost, and nothing
 * else is kept. Several documents one after another are read one after another.
 */
export class JsonScanner {
  readonly #input: AsyncIterator<Buffer>;
  readonly #source: string;
  #data: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Bytes and line ends before `#data`. */
  #bytes = 0;
  #lines = 0;

  constructor(input: AsyncIterable<Buffer>, source: string) {
    this.#input = input[Symbol.asyncIterator]();
    this.#source = source;
  }

  /** The items that the visitor chooses. @throws AirCanError `format-error` at the first byte that is no JSON. */
  async *items(visit: JsonVisit): AsyncGenerator<readonly JsonItem[]> {
    if ((await this.#peek()) === 0xef) this.#at += 3; // a byte order mark
    while ((await this.#peek()) !== -1) yield* this.#value([], visit);
  }

  /** What went wrong, with its line and byte. */
  error(text: string, byteOffset: number): AirCanError {
    let line = this.#lines + 1;
    const end = byteOffset - this.#bytes;
    for (let at = this.#data.indexOf(10); at >= 0 && at < end; at = this.#data.indexOf(10, at + 1)) line++;
    const message = `${this.#source} cannot be read as JSON: ${text}, at line ${line}, byte ${byteOffset}.`;
    return new AirCanError("format-error", message, {
      hint: "Correct the file there, or have it written again.",
      where: { source: this.#source, line, byteOffset },
    });
  }

  async *#value(path: readonly string[], visit: JsonVisit): AsyncGenerator<readonly JsonItem[]> {
    const kind = kindOf(await this.#peek());
    const choice = visit.choose(path, kind);
    if (choice === "enter" && kind !== "value") {
      let index = 0;
      for await (const key of this.#members(kind))
        yield* this.#value([...path, key ?? String(index++)], visit);
    } else if (choice === "each" && kind !== "value") yield* this.#each(kind);
    else if (choice === "count" && kind !== "value") await this.#count(path, kind, visit);
    else if (choice === "one") yield [await this.#item(null)];
    else await this.#capture(false);
  }

  async *#each(kind: "{" | "["): AsyncGenerator<readonly JsonItem[]> {
    let items: JsonItem[] = [];
    for await (const key of this.#members(kind)) {
      items.push(await this.#item(key));
      if (items.length < batchLength) continue;
      yield items;
      items = [];
    }
    if (items.length > 0) yield items;
  }

  async #count(path: readonly string[], kind: "{" | "[", { onCount }: JsonVisit): Promise<void> {
    let count = 0;
    let first: JsonKind | null = null;
    for await (const _ of this.#members(kind)) {
      const kind = kindOf(await this.#peek());
      first ??= kind;
      count++;
      await this.#capture(false);
    }
    onCount?.(path, count, first);
  }

  /** Stands before each member of an object or item of a list, with its key. */
  async *#members(kind: "{" | "["): AsyncGenerator<string | null> {
    const end = kind === "{" ? 0x7d : 0x5d;
    this.#at++;
    if ((await this.#peek()) === end) {
      this.#at++;
      return;
    }
    for (;;) {
      yield kind === "{" ? await this.#key() : null;
      const next = await this.#peek();
      if (next !== end && next !== 0x2c) throw this.#unexpected(next, `"," or "${kind === "{" ? "}" : "]"}"`);
      this.#at++;
      if (next === end) return;
    }
  }

  async #key(): Promise<string> {
    const first = await this.#peek();
    if (first !== quote) throw this.#unexpected(first, "a key in quotes");
    const byteOffset = this.#bytes + this.#at;
    const key = this.#parsed(await this.#capture(true), byteOffset);
    const colon = await this.#peek();
    if (colon !== 0x3a) throw this.#unexpected(colon, '":"');
    this.#at++;
    return String(key);
  }

  #parsed(text: Buffer, byteOffset: number): unknown {
    try {
      return JSON.parse(text.toString());
    } catch {
      throw this.error("a key is broken", byteOffset);
    }
  }

  async #item(key: string | null): Promise<JsonItem> {
    await this.#peek();
    const byteOffset = this.#bytes + this.#at;
    return { key, text: await this.#capture(true), byteOffset };
  }

  #unexpected(byte: number, expected: string): AirCanError {
    const found = byte === -1 ? "the file ends" : `there is "${String.fromCharCode(byte)}"`;
    return this.error(`${found} where ${expected} is expected`, this.#bytes + this.#at);
  }

  /** The next byte that is no white space; -1 at the end. */
  async #peek(): Promise<number> {
    for (;;) {
      while (this.#at < this.#data.length) {
        const byte = this.#data[this.#at] ?? 0;
        if (!space.includes(byte)) return byte;
        this.#at++;
      }
      if (!(await this.#fill(this.#at))) return -1;
    }
  }

  /** Reads on; what stands before `from` is forgotten. False at the end. */
  async #fill(from: number): Promise<boolean> {
    const { value, done } = await this.#input.next();
    if (done) return false;
    for (let at = this.#data.indexOf(10); at >= 0 && at < from; at = this.#data.indexOf(10, at + 1))
      this.#lines++;
    this.#bytes += from;
    this.#data = from >= this.#data.length ? value : Buffer.concat([this.#data.subarray(from), value]);
    this.#at -= from;
    return true;
  }

  /** Passes over the value that begins here, and gives its text if it is kept. */
  async #capture(keep: boolean): Promise<Buffer> {
    const byteOffset = this.#bytes + this.#at;
    const state: Capture = { at: this.#at, depth: 0, string: -1 };
    while (!captureMore(this.#data, state)) {
      const from = keep ? this.#at : state.string >= 0 ? state.string : state.at;
      if (this.#data.length - from > maxBytes)
        throw this.error("one value is longer than 256 MB", byteOffset);
      if (!keep) this.#at = from;
      if (await this.#fill(from)) {
        state.at -= from;
        if (state.string >= 0) state.string -= from;
      } else if (state.depth > 0 || state.string >= 0 || this.#bytes + state.at === byteOffset)
        throw this.error("the file ends in the middle of a value", this.#bytes + this.#data.length);
      else break;
    }
    if (state.at === this.#at && keep) throw this.#unexpected(this.#data[this.#at] ?? -1, "a value");
    const text = this.#data.subarray(this.#at, state.at);
    this.#at = state.at;
    return text;
  }
}

function kindOf(byte: number): JsonKind {
  return byte === open[0] ? "{" : byte === open[1] ? "[" : "value";
}

/** How far the end of a value was looked for. */
interface Capture {
  at: number;
  depth: number;
  /** Where the string begins that it is in; -1 outside. */
  string: number;
}

/** Looks for the end of a value; true when it is found, with `at` behind it. */
function captureMore(data: Buffer, state: Capture): boolean {
  while (state.at < data.length) {
    if (state.string >= 0) {
      const end = stringEnd(data, state.string, state.at);
      state.at = end < 0 ? data.length : end + 1;
      if (end < 0) return false;
      state.string = -1;
      if (state.depth === 0) return true;
      continue;
    }
    const byte = data[state.at] ?? 0;
    if (byte === quote) state.string = state.at;
    else if (byte === open[0] || byte === open[1]) state.depth++;
    else if (byte === close[0] || byte === close[1]) {
      if (state.depth === 0) return true;
      if (--state.depth === 0) {
        state.at++;
        return true;
      }
    } else if (state.depth === 0 && (byte === 0x2c || space.includes(byte))) return true;
    state.at++;
  }
  return false;
}

/** The quote that ends a string: one with an even number of backslashes before it. */
function stringEnd(data: Buffer, start: number, from: number): number {
  for (
    let end = data.indexOf(quote, Math.max(from, start + 1));
    end >= 0;
    end = data.indexOf(quote, end + 1)
  ) {
    let slashes = 0;
    while (data[end - 1 - slashes] === backslash && end - 1 - slashes > start) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

/** What the second item of a list begins with, as far as it stands in the start of a document. */
export function secondItem(start: Buffer): JsonKind | undefined {
  const items = start.indexOf(0x5b) + 1;
  const first = items + start.subarray(items).findIndex((byte) => !space.includes(byte));
  const rest = start.subarray(partAt(start, first)).toString().trimStart();
  return /^,\s*\S/.test(rest) ? kindOf(rest.slice(1).trimStart().charCodeAt(0)) : undefined;
}

/** The items of a list, or the members of an object, of valid JSON, each as it is written. */
export function jsonParts(text: string): { readonly key: string | null; readonly text: string }[] {
  const data = Buffer.from(text);
  const parts: { key: string | null; text: string }[] = [];
  const isObject = data[0] === open[0];
  for (let at = 1; at < data.length - 1; ) {
    if (space.includes(data[at] ?? 0) || data[at] === 0x2c) {
      at++;
      continue;
    }
    const first = partAt(data, at);
    if (!isObject) {
      parts.push({ key: null, text: data.toString("utf8", at, first) });
      at = first;
      continue;
    }
    const value = data.indexOf(0x3a, first) + 1;
    const start = value + data.subarray(value).findIndex((byte) => !space.includes(byte));
    const end = partAt(data, start);
    parts.push({
      key: String(JSON.parse(data.toString("utf8", at, first))),
      text: data.toString("utf8", start, end),
    });
    at = end;
  }
  return parts;
}

function partAt(data: Buffer, at: number): number {
  const state: Capture = { at, depth: 0, string: -1 };
  captureMore(data, state);
  return state.at;
}
