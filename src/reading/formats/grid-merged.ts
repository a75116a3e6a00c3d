import type { GridRow } from "./grid.ts";

/** A merged area; rows from 1, columns from 0, both ends included. */
export interface MergedArea {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

interface Filling extends MergedArea {
  readonly value: string;
}

/** Rows of a sheet in Excel; areas that go on end there. */
const maxRows = 1_048_576;
const batchRows = 1000;

/**
 * Rows in which each cell of a merged area has the value of its first one, rows that hold nothing of their
 * own included. `areas` may grow while the rows come, as long as an area is there before its first row.
 */
export async function* fillMerged(
  batches: AsyncIterable<readonly GridRow[]>,
  areas: readonly MergedArea[],
): AsyncGenerator<readonly GridRow[]> {
  const filler = mergedFiller(areas);
  for await (const rows of batches) {
    const batch: GridRow[] = [];
    for (const { number, cells } of rows) {
      for (const row of filler.between(number)) batch.push(row);
      batch.push(filler.fill(number, cells));
    }
    yield batch;
  }
  let batch: GridRow[] = [];
  for (const row of filler.between(maxRows + 1)) {
    batch.push(row);
    if (batch.length < batchRows) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** Fills rows, which have to come in order; `between` gives the rows up to the next one that areas reach into. */
function mergedFiller(areas: readonly MergedArea[]) {
  const starting = new Map<number, MergedArea[]>();
  let open: readonly Filling[] = [];
  let [last, seen] = [0, 0];
  const fill = (number: number, own: readonly string[]): GridRow => {
    for (; seen < areas.length; seen++) {
      const area = areas[seen];
      if (area) starting.set(area.top, [...(starting.get(area.top) ?? []), area]);
    }
    const begun = (starting.get(number) ?? []).map((area) => ({ ...area, value: own[area.left] ?? "" }));
    starting.delete(number);
    open = [...open, ...begun].filter(({ bottom }) => bottom >= number);
    last = number;
    return { number, cells: open.length === 0 ? own : filled(own, open) };
  };
  const between = function* (next: number): Generator<GridRow> {
    while (open.length > 0 && last + 1 < next) {
      const row = fill(last + 1, []);
      if (open.length > 0) yield row;
    }
  };
  return { fill, between };
}

function filled(own: readonly string[], open: readonly Filling[]): readonly string[] {
  const cells = [...own];
  for (const { left, right, value } of open) {
    while (cells.length <= right) cells.push("");
    cells.fill(value, left, right + 1);
  }
  return cells;
}
