import type { ReportError } from "../checks/report.ts";
import { badPlaces, type ExcerptRow, excerptRows } from "../checks/report-excerpt.ts";
import {
  commonMessage,
  counted,
  countOfGroup,
  type ErrorGroup,
  isBroken,
  isOfRows,
} from "../checks/report-groups.ts";
import type { Output } from "./output.ts";
import { cut, textWidth, visible } from "./table.ts";
import { wrapped } from "./wrap-text.ts";

export interface RowLook extends Pick<Output, "style" | "width"> {
  /** The header of the table. */
  readonly labels: readonly string[];
  /** Rows that are shown of one kind. */
  readonly rows: number;
  /** True: what the kind means was said before. */
  readonly isKnown?: boolean;
}

const indent = 4;
const separator = " │ ";
const widestCell = 24;
/** Numbers of further rows that are named. */
const namedRows = 8;

/** One kind of error in one field: what it means, what to do, and the first rows with their bad cells marked. */
export function groupLines(group: ErrorGroup, look: RowLook): string[] {
  const { type, field, summary, hint, errors } = group;
  const { style, width } = look;
  const [first] = errors;
  const head = `  ${style("bold", `${type}${field === undefined ? "" : ` in "${visible(field)}"`}`)}: ${countOfGroup(group)}`;
  const about = look.isKnown ? [] : [wrapped(`${summary} ${hint}`.trim(), { width, indent: 2 })];
  if (first === undefined) return [head, ...about];
  if (!isOfRows(first)) return [head, ...headerLines(errors, about, look), ...sentences(errors, look)];
  if (isBroken(first)) return [head, ...about, "", ...brokenRows(group, look)];
  return [head, ...about, ...(look.isKnown ? [] : [""]), ...rowsOf(group, look)];
}

/** Errors about the header or the file as a whole; these say what to do themselves, if they know better. */
function sentences(errors: readonly ReportError[], { width, rows }: RowLook): string[] {
  const shown = errors.slice(0, Math.max(rows, 5));
  const lines = shown.flatMap(({ message, note, tags }) => [
    wrapped(visible(message), { width, indent }),
    ...(note && tags.length === 0 ? [wrapped(visible(note), { width, indent })] : []),
  ]);
  const more = errors.length - shown.length;
  return [...lines, ...(more > 0 ? [`    and ${counted(more, "more")}`] : [])];
}

/** The header with the labels marked that errors are about. */
function headerLines(errors: readonly ReportError[], about: readonly string[], look: RowLook): string[] {
  const labels = errors[0]?.labels ?? [];
  const marked = errors.filter(({ fieldNumber = 0 }) => fieldNumber > 0 && fieldNumber <= labels.length);
  const isTold = errors.every(({ note, tags }) => note !== "" && tags.length === 0);
  if (marked.length === 0) return isTold ? [] : [...about];
  const row: ExcerptRow = {
    number: errors[0]?.rowNumbers?.[0] ?? 1,
    line: undefined,
    cells: labels,
    errors: [],
  };
  const bad = new Set(marked.map(({ fieldNumber = 0 }) => fieldNumber - 1));
  const grid = gridOf([row], { ...look, labels: [] }, bad);
  return [...about, "", ...markedLines(row, { grid, bad, look })];
}

/** Rows that could not be split into cells, as they stand in the file. */
function brokenRows({ errors, count }: ErrorGroup, { rows, width, style }: RowLook): string[] {
  const shown = errors.slice(0, rows);
  const rest = count - shown.length;
  return [
    ...shown.flatMap((error) => {
      const name = rowName({ number: error.rowNumber, line: error.line });
      const hanging = indent + name.length + 2;
      const text = cut(visible((error.cells ?? []).join(",")), Math.max(20, width - hanging));
      return [
        `${" ".repeat(indent)}${name}  ${style("red", text)}`,
        wrapped(visible(error.message), { width, indent: hanging }),
      ];
    }),
    ...(rest > 0 ? [style("dim", `${" ".repeat(indent)}${counted(rest, "more error")}`)] : []),
  ];
}

function rowsOf({ errors, count }: ErrorGroup, look: RowLook): string[] {
  const { style, width } = look;
  const all = excerptRows(errors);
  const shown = all.slice(0, look.rows);
  const grid = gridOf(shown, look);
  const common = commonMessage(errors);
  const rest = count - shown.reduce((sum, row) => sum + row.errors.length, 0);
  const numbers = all.slice(shown.length, shown.length + namedRows).map(({ number }) => number);
  const further = all.length - shown.length > namedRows || rest > numbers.length ? " and more" : "";
  return [
    ...(common === undefined ? [] : [wrapped(visible(common), { width, indent })]),
    style("dim", headerLine(grid)),
    ...shown.flatMap((row) => rowLines(common === undefined ? row : { ...row, errors: [] }, grid, look)),
    ...(rest > 0 && numbers.length > 0
      ? [
          style(
            "dim",
            wrapped(`${counted(rest, "more error")}, in row ${numbers.join(", ")}${further}`, {
              width,
              indent,
            }),
          ),
        ]
      : rest > 0
        ? [style("dim", `${" ".repeat(indent)}${counted(rest, "more error")}`)]
        : []),
  ];
}

/** Columns of the rows that are shown, wide enough for their cells and together not wider than the terminal. */
interface Grid {
  readonly labels: readonly string[];
  readonly widths: readonly number[];
  /** Places of the first and after the last column that is shown. */
  readonly from: number;
  readonly to: number;
  /** Columns that the numbers of rows take. */
  readonly gutter: number;
}

function gridOf(
  rows: readonly ExcerptRow[],
  { labels, width }: RowLook,
  marked = badPlaces({ errors: rows.flatMap(({ errors }) => errors) }),
): Grid {
  const count = Math.max(
    labels.length,
    ...rows.map(({ cells }) => cells.length),
    ...[...marked].map((i) => i + 1),
  );
  const widths = Array.from({ length: count }, (_, i) => {
    const texts = [visible(labels[i] ?? ""), ...rows.map(({ cells }) => cellText(cells[i]))];
    return Math.min(widestCell, Math.max(1, ...texts.map(textWidth)));
  });
  const gutter = Math.max(...rows.map((row) => rowName(row).length));
  const room = width - indent - gutter - 2 * separator.length - 2;
  return { labels, widths, gutter, ...windowAround(widths, marked.size > 0 ? Math.min(...marked) : 0, room) };
}

/** The columns around one that fit a width, as places from and to. */
function windowAround(widths: readonly number[], at: number, room: number): { from: number; to: number } {
  const size = (i: number) => (widths[i] ?? 0) + separator.length;
  let [from, to, used] = [at, Math.min(widths.length, at + 1), size(at)];
  for (let grown = true; grown; ) {
    grown = false;
    if (from > 0 && used + size(from - 1) <= room) {
      used += size(--from);
      grown = true;
    }
    if (to < widths.length && used + size(to) <= room) {
      used += size(to++);
      grown = true;
    }
  }
  return { from, to };
}

const rowName = ({ number, line }: Pick<ExcerptRow, "number" | "line">): string =>
  line === undefined || line === number ? `row ${number}` : `row ${number} (line ${line})`;

const headerLine = (grid: Grid): string =>
  lineOf("", grid, (i) =>
    padded(cut(visible(grid.labels[i] ?? ""), grid.widths[i] ?? 1), grid.widths[i] ?? 1),
  );

function lineOf(name: string, { from, to, gutter, widths }: Grid, cell: (i: number) => string): string {
  const cells = Array.from({ length: to - from }, (_, i) => cell(from + i));
  const before = from > 0 ? ["…"] : [];
  const after = to < widths.length ? ["…"] : [];
  return `${" ".repeat(indent)}${name.padEnd(gutter)}  ${[...before, ...cells, ...after].join(separator)}`.trimEnd();
}

interface Marking {
  readonly grid: Grid;
  /** Places of the bad cells. */
  readonly bad: ReadonlySet<number>;
  readonly look: Pick<RowLook, "style">;
}

/** A row, its bad cells underlined, and what is wrong with them. */
function rowLines(row: ExcerptRow, grid: Grid, look: RowLook): string[] {
  const said = [...new Set(row.errors.map(({ message }) => message))];
  const indented = { width: look.width, indent: indent + grid.gutter + 2 };
  const messages = said.map((message) => wrapped(visible(message), indented));
  return [...markedLines(row, { grid, bad: badPlaces(row), look }), ...messages];
}

function markedLines(row: ExcerptRow, { grid, bad, look: { style } }: Marking): string[] {
  const cellAt = (i: number) => cut(cellText(row.cells[i], bad.has(i)), grid.widths[i] ?? 1);
  const line = lineOf(rowName(row), grid, (i) => {
    const text = padded(cellAt(i), grid.widths[i] ?? 1);
    return bad.has(i) ? style("red", text) : text;
  });
  const underline = (i: number) => (bad.has(i) ? "^".repeat(Math.max(1, textWidth(cellAt(i)))) : "");
  const marks = lineOf("", grid, (i) => padded(underline(i), grid.widths[i] ?? 1)).replaceAll(/[│…]/g, " ");
  return bad.size > 0 ? [line, style("red", marks.trimEnd())] : [line];
}

/** A cell on one line; an empty one is a dot, one that is not there a question mark. */
function cellText(cell: string | undefined, isBad = false): string {
  if (cell === undefined) return isBad ? "?" : "";
  return cell === "" ? "·" : visible(cell);
}

const padded = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - textWidth(text)));
