/** Numbers of rows, one bit each. */
export interface RowSet {
  readonly add: (row: number) => void;
  readonly has: (row: number) => boolean;
  readonly size: () => number;
}

/** An empty set; a hundred million rows take 12 MB. */
export function createRowSet(): RowSet {
  let bits = new Uint32Array(1024);
  let size = 0;
  const has = (row: number) => ((bits[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
  return {
    has,
    size: () => size,
    add: (row) => {
      if (has(row)) return;
      const place = row >>> 5;
      if (place >= bits.length) {
        const wider = new Uint32Array(Math.max(bits.length * 2, place + 1));
        wider.set(bits);
        bits = wider;
      }
      bits[place] = (bits[place] ?? 0) | (1 << (row & 31));
      size++;
    },
  };
}
