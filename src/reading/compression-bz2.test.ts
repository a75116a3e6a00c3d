import { describe, expect, test } from "vitest";
import { decompressBz2 } from "./compression-bz2.ts";

/** Two streams of the program bzip2, one after another. */
const packed = Buffer.from(
  "QlpoMTFBWSZTWQHTwNUAADN/////////////////////////////////////////////sADGhAAAAAATAAAmABMmAAAAIwCYAAAAAAA0GgAAAAAAAAAAAAAAmACTAATAAEwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAKVCZMmCYAAAATTAABMACYAEyMAAAAjAAjCaMACYAAAACYAAAAQZMjBBgEwAxAwOEBIUFhgaHB4gIiQmKCosLjAyNDbCOjw+QEJERkhL+CYnKCkqKywtLi8wMTIzNDU2N/ycHJ0dnh6fH6AgoSH+kRF/aMjpCSlJaYmpyeoKKkpqiqrK6wsrS2uLq8vsH8/qWC9XcIgZwhCAAAtAiAAAgAHziDSEAAgAHwNTW2Nrc3uDi5Obo6uzu8PL09uzu8PL09vj6/P8BAwUHCQsNDxETFRcZGx0fISMlJykqAlpeYmQM1Nzk7PT9BQ0VHSUtNT1FTVVdZW11fYWNlZ2lrbW9xc3V3eXt9f4GDhYeJi42PkZOVl5mbnZ+ho6Wnqautr7Gztbe5u72/wcPFx8nLzc/R09XX2dvd3+Hj//Lz9PX2Ae4H4+fr7F3JFOFCQAdPA1QQlpoOTFBWSZTWWQbDTYAAAGBgCAkBAAgACGaaDNNEzxdyRThQkGQbDTY",
  "base64",
);
const plain = Buffer.concat([
  Buffer.from("aaaa".repeat(70)),
  Buffer.from("abc".repeat(200)),
  Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
  Buffer.from("tail"),
]);

async function unpacked(bytes: Buffer, length: number): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
  }
  return Buffer.concat(await Array.fromAsync(decompressBz2(pieces())));
}

describe("bzip2", () => {
  test.each([1, 7, 64, 1 << 20])("gives what was packed, in pieces of %i bytes", async (length) => {
    expect((await unpacked(packed, length)).equals(plain)).toBe(true);
  });

  test("that is damaged or cut off gives an error, or whole streams of it", async () => {
    const whole = [plain.length, plain.length - "tail".length];
    for (let at = 4; at < packed.length; at++) {
      const damaged = Buffer.from(packed).fill((packed[at] ?? 0) ^ 0x55, at, at + 1);
      for (const bytes of [damaged, packed.subarray(0, at)]) {
        const found = await unpacked(bytes, 1 << 20).catch((error: unknown) => error);
        if (!Buffer.isBuffer(found)) expect(found).toBeInstanceOf(Error);
        else expect([plain.indexOf(found), whole.includes(found.length)]).toEqual([0, true]);
      }
    }
  });
});
