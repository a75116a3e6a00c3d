/** A Map of JavaScript holds about 16 million keys. */
const mostInMap = 8_000_000;

/** The rows in which keys stood last, however many keys there are. */
export interface SeenKeys {
  /** Notes that a key stands in a row; gives the row in which it stood before. */
  readonly note: (key: string, row: number) => number | undefined;
}

/** A new memory of keys, with none in it. */
export function createSeenKeys(): SeenKeys {
  let newest = new Map<string, number>();
  const maps = [newest];
  return {
    note: (key, row) => {
      const holder = maps.find((map) => map.has(key));
      if (holder === undefined && newest.size >= mostInMap) {
        newest = new Map();
        maps.push(newest);
      }
      const before = holder?.get(key);
      (holder ?? newest).set(key, row);
      return before;
    },
  };
}
