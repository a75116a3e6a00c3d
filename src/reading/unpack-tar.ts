/** One file of a tar archive, while the archive is read. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** Its bytes; to be read before the next entry is asked for, or not at all. */
  readonly read: () => AsyncGenerator<Buffer>;
}

const blockSize = 512;
/** Longer names and headers than this are damage. */
const maxHeader = 1 << 20;

/** True if a file that begins so is a tar archive: ustar, pax, GNU. */
export function isTar(start: Buffer): boolean {
  return start.length >= blockSize && start.toString("latin1", 257, 262) === "ustar" && isSound(start);
}

/**
 * The plain files of a tar archive (POSIX.1-2001 with pax headers, and GNU's long names), in their order.
 * Links, devices and sparse files are left out.
 *
 * @throws Error saying what is wrong with the bytes.
 */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const bytes = new Blocks(source);
  let told: { name?: string; size?: number } = {};
  for (;;) {
    const header = await bytes.take(blockSize);
    if (header.length === 0 || header.every((byte) => byte === 0)) return;
    if (header.length < blockSize) throw new Error("it ends in the middle");
    if (!isSound(header)) throw new Error("the checksum of a file's header is wrong");
    const kind = header.toString("latin1", 156, 157);
    const size = told.size ?? numberAt(header, 124, 12);
    const padded = Math.ceil(size / blockSize) * blockSize;
    if (kind === "x" || kind === "L") {
      if (size > maxHeader) throw new Error("a file's header is too long");
      const text = (await bytes.take(padded)).subarray(0, size);
      told = { ...told, ...(kind === "x" ? paxHeader(text) : { name: cString(text, 0, size) }) };
      continue;
    }
    const rest = { left: size };
    const name = (told.name ?? nameOf(header)).replace(/^(\.\/)+/, "");
    told = {};
    if (kind === "0" || kind === "\0" || kind === "7") yield { name, size, read: () => bytes.part(rest) };
    await bytes.skip(rest.left + padded - size);
  }
}

/** Takes bytes off a stream. */
class Blocks {
  readonly #input: AsyncIterator<Buffer>;
  #data: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#input = source[Symbol.asyncIterator]();
  }

  /** So many bytes; fewer at the end. */
  async take(length: number): Promise<Buffer> {
    while (this.#data.length < length && (await this.#more()));
    const taken = this.#data.subarray(0, length);
    this.#data = this.#data.subarray(length);
    return taken;
  }

  async *part(rest: { left: number }): AsyncGenerator<Buffer> {
    while (rest.left > 0) {
      if (this.#data.length === 0 && !(await this.#more())) throw new Error("it ends in the middle");
      const piece = this.#data.subarray(0, rest.left);
      this.#data = this.#data.subarray(piece.length);
      rest.left -= piece.length;
      yield piece;
    }
  }

  async skip(length: number): Promise<void> {
    let left = length;
    while (left > this.#data.length) {
      left -= this.#data.length;
      this.#data = Buffer.alloc(0);
      if (!(await this.#more())) throw new Error("it ends in the middle");
    }
    this.#data = this.#data.subarray(left);
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#input.next();
    if (done) return false;
    this.#data = this.#data.length === 0 ? value : Buffer.concat([this.#data, value]);
    return true;
  }
}

/** The sum of the header's bytes, its own field taken as spaces. */
function isSound(header: Buffer): boolean {
  let sum = 8 * 0x20;
  for (let i = 0; i < blockSize; i++) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  return sum === numberAt(header, 148, 8);
}

/** Octal digits; or, with the first bit set, the number itself (GNU, for files over 8 GiB). */
function numberAt(header: Buffer, start: number, length: number): number {
  if ((header[start] ?? 0) & 0x80) return Number(header.readBigUInt64BE(start + length - 8));
  return Number.parseInt(cString(header, start, length).trim() || "0", 8);
}

function nameOf(header: Buffer): string {
  const prefix = header.toString("latin1", 257, 263) === "ustar\0" ? cString(header, 345, 155) : "";
  return prefix === "" ? cString(header, 0, 100) : `${prefix}/${cString(header, 0, 100)}`;
}

function cString(bytes: Buffer, start: number, length: number): string {
  const part = bytes.subarray(start, start + length);
  const end = part.indexOf(0);
  return part.toString("utf8", 0, end < 0 ? part.length : end);
}

/** Records of the form `length key=value\n`. */
function paxHeader(text: Buffer): { name?: string; size?: number } {
  const found: { name?: string; size?: number } = {};
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(0x20, at);
    const length = Number(text.toString("latin1", at, space));
    if (space < 0 || !(length > 0)) throw new Error("a file's header cannot be read");
    const [key = "", ...value] = text.toString("utf8", space + 1, at + length - 1).split("=");
    if (key === "path") found.name = value.join("=");
    if (key === "size") found.size = Number(value.join("="));
    at += length;
  }
  return found;
}
