/** A column of a printed table: its heading, and whether its cells are numbers (which stand to the right). */
export interface TableColumn {
  readonly title: string;
  /** Stands under the title, such as the field's type. */
  readonly subtitle?: string;
  readonly right?: boolean;
}

export interface TableOptions {
  /** Columns of the terminal that a line may take. */
  readonly width: number;
  /** The most that one column takes; 40 unless told. */
  readonly widest?: number;
  /** Called on heading lines and on what a table leaves out. */
  readonly dim?: (text: string) => string;
}

const gap = "  ";
const narrowest = 8;
const usualWidest = 40;

/**
 * A table of texts that fits the width: wide cells are cut with an ellipsis, columns that find no room are
 * named below. East Asian wide characters and emoji count two.
 */
export function renderTable(
  told: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string {
  const columns = told.map((column) => ({ ...column, title: visible(column.title) }));
  const dim = options.dim ?? ((text: string) => text);
  const cleaned = rows.map((row) => row.map(visible));
  const wanted = columns.map((column, i) =>
    Math.min(
      options.widest ?? usualWidest,
      Math.max(
        textWidth(column.title),
        textWidth(column.subtitle ?? ""),
        ...cleaned.map((row) => textWidth(row[i] ?? "")),
      ),
    ),
  );
  const widths = fittingWidths(wanted, options.width);
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, i) => padded(cells[i] ?? "", width, columns[i]?.right ?? false))
      .join(gap)
      .trimEnd();
  const hidden = columns.slice(widths.length).map(({ title }) => title);
  return [
    line(columns.map(({ title }) => title)),
    ...(columns.some(({ subtitle }) => subtitle)
      ? [dim(line(columns.map(({ subtitle }) => subtitle ?? "")))]
      : []),
    dim(widths.map((width) => "─".repeat(width)).join(gap)),
    ...cleaned.map(line),
    ...(hidden.length > 0 ? [dim(moreFields(hidden, options.width))] : []),
  ].join("\n");
}

/** Widths of the columns that fit: the widest give way first, down to `narrowest`; the last are left out. */
function fittingWidths(wanted: readonly number[], total: number): number[] {
  const widths = wanted.slice();
  const sum = (): number => widths.reduce((a, b) => a + b, 0) + gap.length * Math.max(0, widths.length - 1);
  while (sum() > total) {
    const largest = Math.max(...widths);
    if (largest > narrowest)
      widths[widths.indexOf(largest)] = Math.max(narrowest, largest - (sum() - total), secondOf(widths));
    else if (widths.length > 1) {
      widths.pop();
      widths.forEach((_, i) => {
        widths[i] = wanted[i] ?? narrowest;
      });
    } else return [total];
  }
  return widths;
}

function secondOf(widths: readonly number[]): number {
  const [largest = 0, second = 0] = widths.toSorted((a, b) => b - a);
  return second === largest ? largest - 1 : second;
}

function moreFields(names: readonly string[], width: number): string {
  return cut(`${names.length} more: ${names.join(", ")}`, width);
}

function padded(text: string, width: number, right: boolean): string {
  const shown = cut(text, width);
  const space = " ".repeat(width - textWidth(shown));
  return right ? space + shown : shown + space;
}

/** The text if it has room, else its start with an ellipsis. */
export function cut(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${cutAt(text, width - 1)}…`;
}

/** As much of the start of a text as fits a width. */
export function cutAt(text: string, width: number): string {
  let shown = "";
  let used = 0;
  for (const { segment } of graphemes(text)) {
    used += textWidth(segment);
    if (used > width) break;
    shown += segment;
  }
  return shown;
}

/** Line breaks and other control characters as signs, so that a cell stays on its line. */
export function visible(text: string): string {
  return text
    .replaceAll(/\r\n|\n|\r/g, "⏎")
    .replaceAll("\t", "⇥")
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "�");
}

let segmenter: Intl.Segmenter | undefined;

/** The letters of a text as people count them. The segmenter is made when a text needs it. */
function graphemes(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|.\ufe0f)/u;

/** Columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text))
    width += wide.test(segment) ? 2 : /^[\p{Mn}\u200b\u200d]/u.test(segment) ? 0 : 1;
  return width;
}
