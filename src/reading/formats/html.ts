import type { Note } from "../../descriptor/types.ts";
import { createDecoder } from "../decode-text.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import type { FormatDefinition, FormatReading, ReadTable } from "./definition.ts";
import { type Grid, type GridRow, readGrids } from "./grid.ts";
import { encodingOf } from "./grid-encoding.ts";
import { fillMerged, type MergedArea } from "./grid-merged.ts";
import { gridOptions } from "./grid-options.ts";
import type { HtmlTable } from "./html-tables.ts";

/** Tables of a page. Only where its name or an option says so: what else begins so is a page that asks for a log in. */
export const html: FormatDefinition = {
  name: "html",
  title: "Table of a web page",
  summary:
    "A table of a page: the first that does not only lay it out, or one by its `id`, caption or number. Several rows of a header are joined.",
  options: ["table", "range", "encoding", "headerRows"],
  extensions: ["html", "htm", "xhtml"],
  mediatype: "text/html",
  read: readHtml,
};

/** True for what begins as a page, or as a table alone. */
export const isHtml = (sample: Buffer): boolean =>
  /^(\u00ef\u00bb\u00bf)?\s*(<!--[\s\S]*?-->\s*|<\?xml[^>]*>\s*)*<(!doctype html|html|head|body|table|meta|style|div)[\s>]/i.test(
    sample.toString("latin1", 0, 4096),
  );

async function readHtml(opened: OpenedSource, reading: FormatReading): Promise<readonly ReadTable[]> {
  const { htmlRows, htmlTables } = await import("./html-tables.ts"); // only who reads a page waits for its parser
  const { fillMergedCells } = gridOptions(reading);
  const encoding = encodingOf(reading, saidEncoding(reading.sample));
  const page = () => decoded(opened, encoding);
  const tables = await htmlTables(page());
  const grids = tables.map((table, index): Grid => {
    const rows = () => {
      const areas: MergedArea[] = [];
      const own = htmlRows(page(), index, areas);
      return fillMergedCells ? fillMerged(own, areas) : fillHeader(own, areas, table);
    };
    return {
      name: nameOf(table, index),
      ...(table.caption === "" ? {} : { alias: table.caption }),
      isHidden: isLayout(table),
      rows,
      headerRows: table.headerRows,
      notes: () => notesOf(table),
    };
  });
  return readGrids(grids, opened, { reading, kind: "table" });
}

const nameOf = ({ id, caption }: HtmlTable, index: number) =>
  id !== undefined && id !== "" ? id : caption !== "" ? caption : `table ${index + 1}`;

const notesOf = ({ isOpen }: HtmlTable): Note[] =>
  isOpen ? [{ about: "table", text: "the page ends within the table; it may be cut off" }] : [];

/** Tables that put a page in place, or hold no rows of cells. */
const isLayout = ({ holdsTables, rows, width }: HtmlTable) => holdsTables || rows < 2 || width < 2;

/** Where a header has several rows, the name of a group stands in each column of the group. */
async function* fillHeader(
  rows: AsyncIterable<readonly GridRow[]>,
  areas: readonly MergedArea[],
  { headerRows }: HtmlTable,
): AsyncGenerator<readonly GridRow[]> {
  if (headerRows < 2) return yield* rows;
  for await (const batch of rows)
    yield batch.map((row) => (row.number <= headerRows ? filledRow(row, areas) : row));
}

/** A row of a header with the cells that span columns in each of them. */
function filledRow({ number, cells }: GridRow, areas: readonly MergedArea[]): GridRow {
  const filled = [...cells];
  for (const { top, left, right } of areas)
    if (top === number) filled.fill(cells[left] ?? "", left, right + 1);
  return { number, cells: filled };
}

/** What a page says its encoding is: by the mark at its start, or by `meta`. */
function saidEncoding(sample: Buffer): string | undefined {
  if (sample[0] === 0xff && sample[1] === 0xfe) return "utf-16le";
  if (sample[0] === 0xfe && sample[1] === 0xff) return "utf-16be";
  return /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(sample.toString("latin1", 0, 4096))?.[1];
}

async function* decoded(opened: OpenedSource, encoding: string): AsyncGenerator<string> {
  const decoder = createDecoder(encoding);
  for await (const chunk of readSource(opened)) yield decoder.write(chunk);
  yield decoder.end();
}
