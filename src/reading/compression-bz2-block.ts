/** The bytes ended in the middle of a block. */
export class NeedsMore extends Error {}

/** Reads bits, the highest first. */
export class Bits {
  readonly data: Uint8Array;
  at: number;
  #bits = 0;
  #count = 0;

  constructor(data: Uint8Array, at: number) {
    this.data = data;
    this.at = at;
  }

  bit(): number {
    if (this.#count === 0) {
      if (this.at >= this.data.length) throw new NeedsMore();
      this.#bits = this.data[this.at++] ?? 0;
      this.#count = 8;
    }
    return (this.#bits >> --this.#count) & 1;
  }

  /** A number of up to 48 bits. */
  number(length: number): number {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 2 + this.bit();
    return value;
  }

  /** Where the reading stands, in bits. */
  get place(): number {
    return this.at * 8 - this.#count;
  }

  align(): void {
    this.#count = 0;
  }
}

/** The bytes of a block, `size` at most before runs are undone. @throws NeedsMore; Error for damage. */
export function readBlock(bits: Bits, size: number): Buffer {
  if (bits.bit() === 1) throw new Error("a block is of a kind that is no longer written");
  const origin = bits.number(24);
  const symbols = readSymbols(bits);
  const groups = bits.number(3);
  if (groups < 2 || groups > 6) throw new Error("a block has a wrong number of tables");
  const selectors = readSelectors(bits, groups);
  const tables = Array.from({ length: groups }, () => readTable(bits, symbols.length + 2));
  const { sorted, length } = readSorted(bits, { size, symbols, selectors, tables });
  if (origin >= length) throw new Error("a block begins outside of itself");
  return unrun(unsort(sorted, length, origin), length);
}

/** The bytes that occur in a block. */
function readSymbols(bits: Bits): number[] {
  const ranges = bits.number(16);
  const symbols: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (((ranges >> (15 - i)) & 1) === 0) continue;
    const used = bits.number(16);
    for (let j = 0; j < 16; j++) if ((used >> (15 - j)) & 1) symbols.push(i * 16 + j);
  }
  return symbols;
}

/** Which table is used for each 50 symbols. */
function readSelectors(bits: Bits, groups: number): Uint8Array {
  const order = Array.from({ length: groups }, (_, i) => i);
  const selectors = new Uint8Array(bits.number(15));
  for (let i = 0; i < selectors.length; i++) {
    let index = 0;
    while (bits.bit() === 1)
      if (++index >= groups) throw new Error("a block names a table that is not there");
    const [table = 0] = order.splice(index, 1);
    order.unshift(table);
    selectors[i] = table;
  }
  return selectors;
}

/** A Huffman table: symbols in the order of their codes, the largest code of each length, and where it leads. */
interface Table {
  readonly symbols: Uint16Array;
  readonly limit: Int32Array;
  readonly offset: Int32Array;
}

const longest = 20;

function readTable(bits: Bits, count: number): Table {
  const lengths = new Uint8Array(count);
  let length = bits.number(5);
  for (let i = 0; i < count; i++) {
    while (bits.bit() === 1) length += bits.bit() === 0 ? 1 : -1;
    if (length < 1 || length > longest) throw new Error("a block has a code of a wrong length");
    lengths[i] = length;
  }
  const symbols = Uint16Array.from(lengths.keys()).sort(
    (a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b,
  );
  const limit = new Int32Array(longest + 1).fill(-1);
  const offset = new Int32Array(longest + 1);
  for (let bitsOfCode = 1, code = 0, seen = 0; bitsOfCode <= longest; bitsOfCode++, code <<= 1) {
    const here = lengths.reduce((sum, each) => sum + (each === bitsOfCode ? 1 : 0), 0);
    offset[bitsOfCode] = seen - code;
    code += here;
    seen += here;
    limit[bitsOfCode] = code - 1;
  }
  return { symbols, limit, offset };
}

function readCode(bits: Bits, { symbols, limit, offset }: Table): number {
  let code = 0;
  for (let length = 1; length <= longest; length++) {
    code = (code << 1) | bits.bit();
    if (code <= (limit[length] ?? -1)) return symbols[code + (offset[length] ?? 0)] ?? 0;
  }
  throw new Error("a block holds a code that is in no table");
}

interface Coding {
  readonly size: number;
  readonly symbols: number[];
  readonly selectors: Uint8Array;
  readonly tables: readonly Table[];
}

/** The bytes in the order of the Burrows–Wheeler transform: codes, runs of the first symbol, moves to front. */
function readSorted(bits: Bits, { size, symbols, selectors, tables }: Coding) {
  const sorted = new Uint32Array(size);
  const end = symbols.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (let i = 0; ; i++) {
    const table = tables[selectors[Math.floor(i / 50)] ?? tables.length];
    if (table === undefined) throw new Error("a block is longer than it says");
    const code = readCode(bits, table);
    if (code <= 1) {
      run += weight << code;
      weight <<= 1;
      if (run <= size) continue;
    }
    if (length + run >= size + (code === end ? 1 : 0)) throw new Error("a block is larger than it may be");
    sorted.fill(symbols[0] ?? 0, length, length + run);
    length += run;
    run = 0;
    weight = 1;
    if (code === end) return { sorted, length };
    const [symbol = 0] = symbols.splice(code - 1, 1);
    symbols.unshift(symbol);
    sorted[length++] = symbol;
  }
}

/** Undoes the Burrows–Wheeler transform. */
function unsort(sorted: Uint32Array, length: number, origin: number): Uint8Array {
  const counts = new Uint32Array(257);
  for (let i = 0; i < length; i++) {
    const next = ((sorted[i] ?? 0) & 0xff) + 1;
    counts[next] = (counts[next] ?? 0) + 1;
  }
  for (let i = 1; i < 257; i++) counts[i] = (counts[i] ?? 0) + (counts[i - 1] ?? 0);
  for (let i = 0; i < length; i++) {
    const byte = (sorted[i] ?? 0) & 0xff;
    const place = counts[byte] ?? 0;
    counts[byte] = place + 1;
    sorted[place] = ((sorted[place] ?? 0) | (i << 8)) >>> 0;
  }
  const bytes = new Uint8Array(length);
  let at = (sorted[origin] ?? 0) >>> 8;
  for (let i = 0; i < length; i++) {
    const entry = sorted[at] ?? 0;
    bytes[i] = entry & 0xff;
    at = entry >>> 8;
  }
  return bytes;
}

/** Undoes the first step of compression: four equal bytes are followed by how many more there are. */
function unrun(bytes: Uint8Array, length: number): Buffer {
  let total = 0;
  eachRun(bytes, length, (_byte, count) => {
    total += count;
  });
  const plain = Buffer.allocUnsafe(total);
  let at = 0;
  eachRun(bytes, length, (byte, count) => {
    if (count === 1) plain[at] = byte;
    else plain.fill(byte, at, at + count);
    at += count;
  });
  return plain;
}

function eachRun(bytes: Uint8Array, length: number, run: (byte: number, count: number) => void): void {
  let same = 0;
  let last = -1;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0;
    if (same === 4) {
      if (byte > 0) run(last, byte);
      same = 0;
      last = -1;
      continue;
    }
    same = byte === last ? same + 1 : 1;
    last = byte;
    run(byte, 1);
  }
}
