/**
 * Decompression of bzip2, which Node has not. The format has no standard but its program; it is described in
 * https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf.
 */

import { Bits, NeedsMore, readBlock } from "./compression-bz2-block.ts";

const blockMagic = 0x314159265359;
const endMagic = 0x177245385090;

/** How much is gathered before a block is tried: a block of the largest size, as compressors write it. */
const enough = 1 << 20;

/**
 * The decompressed bytes of one or several bzip2 streams, block by block (up to 900 kB).
 *
 * @throws Error saying what is wrong with the bytes.
 */
export async function* decompressBz2(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = source[Symbol.asyncIterator]();
  const state = { data: Buffer.alloc(0), place: 0, level: 0, isComplete: false };
  for (;;) {
    while (!state.isComplete && state.data.length - (state.place >> 3) < enough) await more(state, input);
    try {
      const step = nextStep(state);
      if (step === "end") return;
      Object.assign(state, step);
      if (step.block) yield step.block;
    } catch (error) {
      if (!(error instanceof NeedsMore)) throw error;
      if (state.isComplete) throw new Error("it ends in the middle");
      await more(state, input);
    }
  }
}

interface State {
  data: Buffer;
  /** In bits. */
  place: number;
  /** Of the stream's blocks, in 100 kB; 0 between two streams. */
  level: number;
  isComplete: boolean;
}

async function more(state: State, input: AsyncIterator<Buffer>): Promise<void> {
  const { value, done } = await input.next();
  if (done) {
    state.isComplete = true;
    return;
  }
  const bytes = state.place >> 3;
  state.data = Buffer.concat([state.data.subarray(bytes), value]);
  state.place -= bytes * 8;
}

function nextStep({ data, place, level }: State): "end" | { place: number; level: number; block?: Buffer } {
  const bits = new Bits(data, place >> 3);
  bits.number(place % 8);
  if (level === 0) {
    if (bits.at >= data.length) return "end";
    return { level: streamLevel(bits), place: bits.place };
  }
  const magic = bits.number(48);
  if (magic === endMagic) {
    bits.number(32);
    bits.align();
    return { level: 0, place: bits.place };
  }
  if (magic !== blockMagic) throw new Error("a block begins with the wrong bytes");
  const crc = bits.number(32);
  const block = readBlock(bits, level * 100_000);
  if (crcOf(block) !== crc) throw new Error("the checksum of a block is wrong");
  return { level, place: bits.place, block };
}

function streamLevel(bits: Bits): number {
  const level = bits.number(24) === 0x425a68 ? bits.number(8) - 0x30 : 0;
  if (level < 1 || level > 9) throw new Error("it does not begin as bzip2 does");
  return level;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return ~crc >>> 0;
}
