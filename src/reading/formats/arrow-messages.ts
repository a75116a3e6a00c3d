/** One message of an Arrow stream, with the bytes before it that give its length. */
export interface ArrowMessage {
  readonly kind: "schema" | "dictionary" | "batch" | "other";
  readonly bytes: Uint8Array;
  /** For a dictionary: which one, and whether it adds to what was there. */
  readonly dictionary?: { readonly id: bigint; readonly isDelta: boolean };
}

const kinds = ["other", "schema", "dictionary", "batch"] as const;
const fileMagic = "ARROW1";
/** A message of more bytes than this cannot be held. */
const maxBytes = 2 ** 31 - 1;

/**
 * The messages of Arrow IPC, whether stream or file: a file is a stream with eight bytes before it and an
 * index behind it (https://arrow.apache.org/docs/format/Columnar.html).
 *
 * @throws Error for what is cut off or no message.
 */
export async function* arrowMessages(source: AsyncIterable<Buffer>): AsyncGenerator<ArrowMessage> {
  const input = new Bytes(source);
  if ((await input.peek(8)).toString("latin1", 0, 6) === fileMagic) await input.take(8);
  for (;;) {
    const start = await input.peek(8);
    if (start.length === 0) return;
    if (start.length < 4) throw new Error("it is cut off in a message");
    const prefix = start.readInt32LE(0) === -1 ? 8 : 4;
    const length = prefix === 8 ? (start.length < 8 ? 0 : start.readInt32LE(4)) : start.readInt32LE(0);
    if (length === 0) return;
    if (length < 0 || length > maxBytes) throw new Error("a message has a wrong length");
    const head = await input.peek(prefix + length);
    if (head.length < prefix + length) throw new Error("it is cut off in a message");
    const { kind, bodyLength, dictionary } = headerOf(head.subarray(prefix));
    if (bodyLength < 0 || bodyLength > maxBytes) throw new Error("a message has a body of a wrong length");
    const bytes = await input.take(prefix + length + bodyLength);
    if (bytes.length < prefix + length + bodyLength) throw new Error("it is cut off in a message");
    yield { kind, bytes: new Uint8Array(bytes), ...(dictionary ? { dictionary } : {}) };
  }
}

/** What the flatbuffer `Message` says: type of its header at slot 1, header at 2, length of its body at 3. */
function headerOf(buffer: Buffer) {
  const message = tableAt(buffer, 0);
  const type = message.slot(1);
  const header = message.slot(2);
  const body = message.slot(3);
  const kind = kinds[type === 0 ? 0 : buffer.readUInt8(type)] ?? "other";
  const bodyLength = body === 0 ? 0 : Number(buffer.readBigInt64LE(body));
  if (kind !== "dictionary" || header === 0) return { kind, bodyLength };
  const batch = tableAt(buffer, header);
  const [id, isDelta] = [batch.slot(0), batch.slot(2)];
  const dictionary = {
    id: id === 0 ? 0n : buffer.readBigInt64LE(id),
    isDelta: isDelta !== 0 && buffer.readUInt8(isDelta) === 1,
  };
  return { kind, bodyLength, dictionary };
}

/** A table of a flatbuffer: where each of its slots lies, 0 for one that is left out. */
function tableAt(buffer: Buffer, at: number): { readonly slot: (index: number) => number } {
  const table = at + buffer.readUInt32LE(at);
  const slots = table - buffer.readInt32LE(table);
  const size = buffer.readUInt16LE(slots);
  return {
    slot: (index) => {
      const offset = 4 + index * 2 < size ? buffer.readUInt16LE(slots + 4 + index * 2) : 0;
      return offset === 0 ? 0 : table + offset;
    },
  };
}

/** Takes bytes off a stream. */
class Bytes {
  readonly #input: AsyncIterator<Buffer>;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#input = source[Symbol.asyncIterator]();
  }

  /** The next bytes, which stay; fewer at the end. */
  async peek(length: number): Promise<Buffer> {
    while (this.#length < length) {
      const { value, done } = await this.#input.next();
      if (done) break;
      this.#parts.push(value);
      this.#length += value.length;
    }
    const first = this.#parts[0] ?? Buffer.alloc(0);
    if (first.length < Math.min(length, this.#length)) this.#parts = [Buffer.concat(this.#parts)];
    return (this.#parts[0] ?? first).subarray(0, length);
  }

  async take(length: number): Promise<Buffer> {
    const taken = await this.peek(length);
    const rest = this.#parts[0]?.subarray(taken.length) ?? Buffer.alloc(0);
    this.#parts = [...(rest.length > 0 ? [rest] : []), ...this.#parts.slice(1)];
    this.#length -= taken.length;
    return taken;
  }
}
