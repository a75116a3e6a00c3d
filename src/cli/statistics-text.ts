import type { FieldStatistics, Statistics } from "../plan/engine.ts";
import { countText } from "./cell-text.ts";
import { renderTable } from "./table.ts";

interface Look {
  readonly width: number;
  readonly dim: (text: string) => string;
}

/** Statistics for a terminal: a table of counts and extremes, and one of how the values lie. */
export function statisticsText({ fields }: Statistics, look: Look): string {
  const named = Object.entries(fields);
  return [
    table(["field", "count", "nulls", "distinct", "min", "max", "mean"], named.map(countRow), look),
    table(["field", "median", "histogram", "commonest"], named.map(shapeRow), look),
  ].join("\n\n");
}

function table(titles: readonly string[], rows: readonly (readonly string[])[], look: Look): string {
  const words = ["field", "histogram", "commonest"];
  return renderTable(
    titles.map((title) => ({ title, right: !words.includes(title) })),
    rows,
    { ...look, widest: 28 },
  );
}

function countRow([name, field]: readonly [string, FieldStatistics]): string[] {
  return [
    name,
    countText(field.count),
    countText(field.nulls),
    `${field.distinctIs === "estimated" ? "~" : ""}${countText(field.distinct)}`,
    field.min ?? "",
    field.max ?? "",
    field.mean === null ? "" : String(Number(field.mean.toPrecision(6))),
  ];
}

function shapeRow([name, { quantiles, quantilesAre, histogram, top }]: readonly [
  string,
  FieldStatistics,
]): string[] {
  const median = quantiles.find(({ share }) => share === 0.5)?.value;
  return [
    name,
    median === undefined ? "" : `${quantilesAre === "estimated" ? "~" : ""}${median}`,
    bars(histogram.map(({ count }) => count)),
    top
      .slice(0, 3)
      .map(({ value, count }) => `${short(value)} (${countText(count)})`)
      .join(", "),
  ];
}

const longest = 16;
const short = (value: string) => (value.length > longest ? `${value.slice(0, longest - 1)}…` : value);

const heights = " ▁▂▃▄▅▆▇█";

/** A histogram in one line; a bin that holds anything is seen. */
function bars(counts: readonly number[]): string {
  const most = Math.max(...counts);
  return counts.map((count) => heights[Math.ceil((count / most) * (heights.length - 1))] ?? " ").join("");
}
