import { Parser } from "htmlparser2";
import type { GridRow } from "./grid.ts";
import type { MergedArea } from "./grid-merged.ts";

/** A table of a page, in the order of their start tags; tables in tables count too. */
export interface HtmlTable {
  readonly id: string | undefined;
  readonly caption: string;
  readonly rows: number;
  /** The most cells that a row has. */
  readonly width: number;
  /** True if another table stands in it: it lays out the page. */
  readonly holdsTables: boolean;
  /** Rows at its start that are its header, by `thead` or as all their cells are `th`. */
  readonly headerRows: number;
  /** True if it has no end tag: the page may be cut off within it. */
  readonly isOpen: boolean;
}

type Attributes = Readonly<Record<string, string>>;

/** What the walk through a page tells of its tables. */
interface TableWalk {
  /** `parent` is the table in which it stands. */
  readonly onTable: (index: number, attributes: Attributes, parent: number | undefined) => void;
  readonly onRow: (index: number, row: HtmlRow) => void;
  readonly onCaption: (index: number, text: string) => void;
  /** A table ends; `isOpen` if by the end of what it stands in. */
  readonly onEnd: (index: number, isOpen: boolean) => void;
}

interface HtmlCell {
  readonly text: string;
  readonly isHeader: boolean;
  readonly columns: number;
  readonly rows: number;
}

interface HtmlRow {
  readonly cells: readonly HtmlCell[];
  readonly isHead: boolean;
}

/** A table that is open. */
interface Open {
  readonly index: number;
  row: HtmlCell[] | undefined;
  isHead: boolean;
  cell: { readonly attributes: Attributes; readonly isHeader: boolean; text: string } | undefined;
  caption: string | undefined;
}

/** Parses a page as it comes in, and tells of its tables. */
export function htmlWalker(walk: TableWalk): {
  readonly write: (text: string) => void;
  readonly end: () => void;
} {
  const open: Open[] = [];
  const unseen: string[] = [];
  let tables = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (unseen.length > 0 || isUnseen(name, attributes)) unseen.push(name);
      if (unseen.length > 0) return;
      if (name === "table") {
        walk.onTable(tables, attributes, open.at(-1)?.index);
        open.push({ index: tables++, row: undefined, isHead: false, cell: undefined, caption: undefined });
      } else openIn(open.at(-1), { name, attributes, walk });
    },
    onclosetag(name, isImplied) {
      if (unseen.length > 0) {
        if (unseen.at(-1) === name) unseen.pop();
      } else if (name === "table") {
        const table = open.pop();
        if (table) {
          endRow(table, walk);
          walk.onEnd(table.index, isImplied);
        }
      } else closeIn(open.at(-1), name, walk);
    },
    ontext(text) {
      const table = open.at(-1);
      if (table === undefined || unseen.length > 0) return;
      const plain = text.replace(/[ \t\r\n\f]+/g, " ");
      if (table.cell) table.cell.text += plain;
      else if (table.caption !== undefined) table.caption += plain;
    },
  });
  return { write: (text) => parser.write(text), end: () => parser.end() };
}

const isUnseen = (name: string, { style = "" }: Attributes) =>
  name === "script" || name === "style" || name === "template" || /display\s*:\s*none/i.test(style);

interface Tag {
  readonly name: string;
  readonly attributes: Attributes;
  readonly walk: TableWalk;
}

const isBlock = (name: string) => ["br", "p", "div", "li"].includes(name);

function openIn(table: Open | undefined, { name, attributes, walk }: Tag): void {
  if (table === undefined) return;
  if (name === "td" || name === "th") {
    endCell(table);
    table.row ??= [];
    table.cell = { attributes, isHeader: name === "th", text: "" };
  } else if (name === "tr") {
    endRow(table, walk);
    table.row = [];
  } else if (name === "thead" || name === "tbody" || name === "tfoot") {
    endRow(table, walk);
    table.isHead = name === "thead";
  } else if (name === "caption") table.caption = "";
  else if (table.cell && isBlock(name) && (name === "br" || table.cell.text.trim() !== ""))
    table.cell.text += "\n";
}

function closeIn(table: Open | undefined, name: string, walk: TableWalk): void {
  if (table === undefined) return;
  if (name === "td" || name === "th") endCell(table);
  else if (name === "tr") endRow(table, walk);
  else if (name === "thead") {
    endRow(table, walk);
    table.isHead = false;
  } else if (name === "caption" && table.caption !== undefined) {
    walk.onCaption(table.index, table.caption.trim());
    table.caption = undefined;
  }
}

function endCell(table: Open): void {
  const { cell } = table;
  if (cell === undefined) return;
  const lines = cell.text.split("\n").map((line) => line.trim());
  table.row?.push({
    text: lines.join("\n").trim(),
    isHeader: cell.isHeader,
    columns: span(cell.attributes.colspan, 1000),
    rows: span(cell.attributes.rowspan, 65_534),
  });
  table.cell = undefined;
}

/** A span as browsers read it: bounded, and 1 if it is no number. */
const span = (written: string | undefined, most: number) =>
  Math.min(most, Math.max(1, Number.parseInt(written ?? "1", 10) || 1));

function endRow(table: Open, walk: TableWalk): void {
  endCell(table);
  const { row, index, isHead } = table;
  if (row) walk.onRow(index, { cells: row, isHead });
  table.row = undefined;
}

/** A table of which only the start tag was met. */
const newTable = {
  ...{ caption: "", rows: 0, width: 0, headerRows: 0 },
  ...{ holdsTables: false, isOpen: false, isInHeader: true },
};

/** The tables of a page. */
export async function htmlTables(page: AsyncIterable<string>): Promise<readonly HtmlTable[]> {
  const tables: (HtmlTable & { isInHeader: boolean })[] = [];
  const change = (index: number, to: (table: HtmlTable & { isInHeader: boolean }) => object) => {
    const table = tables[index];
    if (table) tables[index] = { ...table, ...to(table) };
  };
  const walker = htmlWalker({
    onTable(_, { id }, parent) {
      if (parent !== undefined) change(parent, () => ({ holdsTables: true }));
      tables.push({ ...newTable, id });
    },
    onRow(index, { cells, isHead }) {
      const isHeader = isHead || (cells.length > 0 && cells.every((cell) => cell.isHeader));
      change(index, ({ rows, width, headerRows, isInHeader }) => ({
        rows: rows + 1,
        width: Math.max(width, cells.length),
        headerRows: headerRows + (isHeader && isInHeader ? 1 : 0),
        isInHeader: isHeader && isInHeader,
      }));
    },
    onCaption: (index, caption) => change(index, () => ({ caption })),
    onEnd: (index, isOpen) => change(index, () => ({ isOpen })),
  });
  for await (const text of page) walker.write(text);
  walker.end();
  return tables;
}

/**
 * The rows of one table, from 1; a cell that spans others stands in their first, and the areas that cells
 * span are added as they are met.
 */
export async function* htmlRows(
  page: AsyncIterable<string>,
  wanted: number,
  areas: MergedArea[],
): AsyncGenerator<readonly GridRow[]> {
  let rows: GridRow[] = [];
  let [number, hanging]: [number, readonly MergedArea[]] = [0, []];
  const walker = htmlWalker({
    onTable() {},
    onCaption() {},
    onEnd() {},
    onRow(index, { cells }) {
      if (index !== wanted) return;
      number++;
      hanging = hanging.filter(({ bottom }) => bottom >= number);
      const placed = placeCells(cells, hanging, number);
      areas.push(...placed.areas);
      hanging = [...hanging, ...placed.areas.filter(({ bottom }) => bottom > number)];
      rows.push({ number, cells: placed.cells });
    },
  });
  for await (const text of page) {
    walker.write(text);
    if (rows.length > 0) yield rows;
    rows = [];
  }
  walker.end();
  if (rows.length > 0) yield rows;
}

/** Columns that a row may have; more is no table that people read. */
const maxColumns = 16_384;

/** Puts the cells of a row into the columns that cells of rows above leave free. */
function placeCells(cells: readonly HtmlCell[], hanging: readonly MergedArea[], row: number) {
  const texts: string[] = [];
  const areas: MergedArea[] = [];
  for (const { text, columns, rows } of cells) {
    let left = texts.length;
    for (let area = over(hanging, left); area; area = over(hanging, left)) left = area.right + 1;
    const right = left + columns - 1;
    if (right >= maxColumns) break;
    while (texts.length < left) texts.push("");
    texts.push(text, ...Array.from({ length: columns - 1 }, () => ""));
    if (columns > 1 || rows > 1) areas.push({ top: row, left, bottom: row + rows - 1, right });
  }
  return { cells: texts, areas };
}

const over = (areas: readonly MergedArea[], column: number) =>
  areas.find(({ left, right }) => left <= column && column <= right);
