/** Where the first byte stands that is no part of a UTF-8 character; -1 if there is none. */
export function firstBadByte(data: Buffer, from: number, to: number): number {
  for (let at = from; at < to; ) {
    const length = characterLength(data, at, to);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** Bytes of the character that begins at a place; 0: none does. After the table of the Unicode Standard, 3.9. */
function characterLength(data: Buffer, at: number, to: number): number {
  const lead = data[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > to) return 0;
  const second = data[at + 1] ?? 0;
  const [low, high] = secondBytes[lead] ?? [0x80, 0xbf];
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (((data[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Second bytes that shut out overlong forms, surrogates and what lies beyond U+10FFFF. */
const secondBytes: Readonly<Record<number, readonly [number, number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};
