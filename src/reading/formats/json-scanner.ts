import { AirCanError } from "../../base/errors.ts";
import { type Capture, captureMore, type JsonKind, kindOf, space } from "./json-parts.ts";

/** A value of a JSON document, as it is written there. */
export interface JsonItem {
  /** Its key, if it is a member of an object. */
  readonly key: string | null;
  readonly text: Buffer;
  /** Of its first byte, from 0. */
  readonly byteOffset: number;
}

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

const quote = 0x22;
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
      if (kind === "[")
        this.#whole((start, end) => {
          const text = this.#data.subarray(start, end);
          items.push({ key: null, text, byteOffset: this.#bytes + start });
        });
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
      const next = kindOf(await this.#peek());
      first ??= next;
      count++;
      if (kind === "[") this.#whole(() => count++);
      await this.#peek();
      await this.#capture(false);
    }
    onCount?.(path, count, first);
  }

  /**
   * Takes the items of a list that lie whole in what was read, and the commas behind them: the quick way of
   * what the rest of the class does step by step. It stands before an item, before and after.
   */
  #whole(take: (start: number, end: number) => void): void {
    const data = this.#data;
    const after = (at: number) => {
      let next = at;
      while (next < data.length && space.includes(data[next] ?? 0)) next++;
      return next;
    };
    for (let start = after(this.#at); start < data.length; start = after(this.#at)) {
      const state: Capture = { at: start, depth: 0, string: -1 };
      if (!captureMore(data, state) || state.at === start) return;
      const comma = after(state.at);
      if (data[comma] !== 0x2c) return;
      take(start, state.at);
      this.#at = comma + 1;
    }
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
