/**
 * Decompresses an LZ4 frame, as Arrow's buffers are compressed
 * (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md).
 *
 * @throws Error for bytes that are none, or do not give the length.
 */
export function decompressLz4(frame: Uint8Array, length: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 7 || view.getUint32(0, true) !== 0x184d2204) throw new Error("a buffer is no LZ4 frame");
  const flags = frame[4] ?? 0;
  const hasSize = (flags & 8) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  const hasBlockSum = (flags & 16) !== 0;
  let at = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  const plain = new Uint8Array(length);
  let filled = 0;
  while (at + 4 <= frame.length) {
    const size = view.getUint32(at, true);
    if (size === 0) break;
    const end = at + 4 + (size & 0x7fffffff);
    const block = frame.subarray(at + 4, end);
    filled = size >= 0x80000000 ? stored(block, plain, filled) : unpackBlock(block, plain, filled);
    at = end + (hasBlockSum ? 4 : 0);
  }
  if (filled !== length) throw new Error("a buffer is shorter than it says");
  return plain;
}

function stored(block: Uint8Array, plain: Uint8Array, filled: number): number {
  plain.set(block, filled);
  return filled + block.length;
}

/** One block: runs of bytes as they are, each followed by a copy of what came before. */
function unpackBlock(block: Uint8Array, plain: Uint8Array, start: number): number {
  const place = { at: 0 };
  let filled = start;
  while (place.at < block.length) {
    const token = block[place.at++] ?? 0;
    const literals = lengthAt(block, token >> 4, place);
    plain.set(block.subarray(place.at, place.at + literals), filled);
    place.at += literals;
    filled += literals;
    if (place.at >= block.length) break;
    const distance = (block[place.at] ?? 0) | ((block[place.at + 1] ?? 0) << 8);
    place.at += 2;
    const copied = lengthAt(block, token & 15, place) + 4;
    if (distance === 0 || distance > filled || filled + copied > plain.length)
      throw new Error("a buffer is damaged");
    for (let i = 0; i < copied; i++, filled++) plain[filled] = plain[filled - distance] ?? 0;
  }
  return filled;
}

function lengthAt(block: Uint8Array, first: number, place: { at: number }): number {
  let length = first;
  for (let more = first === 15 ? 255 : 0; more === 255; length += more) {
    if (place.at >= block.length) throw new Error("a buffer is damaged");
    more = block[place.at++] ?? 0;
  }
  return length;
}
