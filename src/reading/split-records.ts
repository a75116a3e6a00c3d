/** How a sample is cut into records while its dialect is being found out. */
export interface Split {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly escape: string | null;
  readonly comment: string | null;
  /** False if the sample ends before the file does: its last record is left out. */
  readonly complete: boolean;
  /** How many records to cut at most: 400 if it is not told. */
  readonly most?: number;
}

/**
 * Cuts a text into records of cells, leniently: a quote opens only at the start of a cell (or after spaces
 * there), and one that is never closed is taken for text, as is an apostrophe that closes before text. Blank lines and comments are records without cells.
 */
export function splitRecords(text: string, split: Split): string[][] {
  const { delimiter, comment, complete, most = 400 } = split;
  const records: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length && records.length < most) {
    if (cells.length === 0 && comment && text.startsWith(comment, at)) {
      at = lineEndAfter(text, at);
      records.push([]);
      continue;
    }
    const cell = cellAt(text, at, split);
    cells.push(cell.value);
    at = cell.end;
    if (text.startsWith(delimiter, at)) {
      at += delimiter.length;
      if (at < text.length) continue;
      cells.push("");
    }
    if (at >= text.length && !complete) break;
    at += text.startsWith("\r\n", at) ? 2 : 1;
    records.push(cells.length === 1 && cells[0] === "" ? [] : cells);
    cells = [];
  }
  return records;
}

/** True if some cell of a text stands in quotes, from one end to the other. */
export function hasQuotedCell(text: string, { delimiter, quote }: Split): boolean {
  if (quote === null) return false;
  const [mark, cut] = [escaped(quote), escaped(delimiter)];
  return new RegExp(`(?:^|${cut}|[\\r\\n]) *${mark}[^${mark}]*${mark}(?:${cut}|[\\r\\n]|$)`).test(text);
}

const escaped = (mark: string) => mark.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function lineEndAfter(text: string, at: number): number {
  const end = /\r\n|\n|\r/g;
  end.lastIndex = at;
  const match = end.exec(text);
  return match ? match.index + match[0].length : text.length;
}

interface Cell {
  readonly value: string;
  readonly end: number;
}

function cellAt(text: string, start: number, split: Split): Cell {
  const { quote, delimiter } = split;
  if (quote === null) return plainCell(text, start, delimiter);
  let open = start;
  if (delimiter !== " ") while (text[open] === " ") open++;
  return (
    (text.startsWith(quote, open) ? quotedCell(text, open, { ...split, quote }) : undefined) ??
    plainCell(text, start, delimiter)
  );
}

function plainCell(text: string, start: number, delimiter: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r" && !text.startsWith(delimiter, end))
    end++;
  return { value: text.slice(start, end), end };
}

function quotedCell(
  text: string,
  open: number,
  { quote, escape: mark, delimiter }: Split & { readonly quote: string },
): Cell | undefined {
  for (let at = open + 1; ; ) {
    const close = text.indexOf(quote, at);
    if (close === -1) return undefined;
    if (mark !== null && text[close - 1] === mark) at = close + 1;
    else if (mark === null && text[close + 1] === quote) at = close + 2;
    else {
      const inside = text.slice(open + 1, close);
      const plain = inside.replaceAll((mark ?? quote) + quote, quote);
      const rest = plainCell(text, close + 1, delimiter);
      if (quote === "'" && rest.value.trim() !== "") return undefined;
      return { value: plain + rest.value, end: rest.end };
    }
  }
}
