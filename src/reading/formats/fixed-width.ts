import type { Note } from "../../descriptor/types.ts";
import { createDecoder } from "../decode-text.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import type { FormatDefinition, FormatReading, ReadTable } from "./definition.ts";
import { type FixedColumns, findColumns, isRuler, parseColumns } from "./fixed-width-columns.ts";
import { type Grid, type GridRow, readGrids } from "./grid.ts";
import { encodingOf } from "./grid-encoding.ts";

/** Text whose columns stand at the same places in each line; each line is a row. */
export const fixedWidth: FormatDefinition = {
  name: "fixed-width",
  title: "Text in columns of fixed width",
  summary: "Columns at the same places of each line: found where all lines are blank, or told.",
  options: ["columns", "encoding", "headerRows"],
  extensions: ["fwf", "prn"],
  mediatype: "text/plain",
  read: readFixedWidth,
};

const sampleLines = 1000;

async function readFixedWidth(opened: OpenedSource, reading: FormatReading): Promise<readonly ReadTable[]> {
  const { options, declared } = reading;
  const encoding = encodingOf(reading);
  const told = options.columns ?? declared.dialect?.columns;
  const columns =
    told === undefined
      ? findColumns(await firstLines(linesOf(opened, encoding)))
      : parseColumns(Array.isArray(told) ? told.join(",") : String(told));
  const crossing: number[] = [];
  const grid: Grid = {
    name: opened.fileName,
    isHidden: false,
    rows: () => rowsOf(linesOf(opened, encoding), columns, crossing),
    notes: () => (told === undefined ? notesOf(columns, crossing) : []),
  };
  const tables = await readGrids([grid], opened, { reading, kind: "table" });
  const dialect = { columns: columnsText(columns) };
  return tables.map((table) => ({
    ...table,
    resource: { ...table.resource, dialect: { ...table.resource?.dialect, ...dialect } },
  }));
}

/** Columns as they can be told; the last one goes to the end of the line. */
function columnsText({ starts, ends }: FixedColumns): string {
  const last = 1_000_000;
  return starts.map((start, i) => `${start + 1}-${Math.min(ends[i] ?? last, last)}`).join(",");
}

async function firstLines(batches: AsyncIterable<readonly string[]>): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const batch of batches) {
    lines.push(...batch);
    if (lines.length >= sampleLines) break;
  }
  return lines.slice(0, sampleLines);
}

/** The lines of a text, in batches, without their ends. */
async function* linesOf(opened: OpenedSource, encoding: string): AsyncGenerator<readonly string[]> {
  const decoder = createDecoder(encoding);
  let rest = "";
  let isStart = true;
  for await (const chunk of readSource(opened)) {
    const text = decoder.write(chunk);
    const lines = (rest + (isStart ? text.replace(/^\ufeff/, "") : text)).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    isStart = false;
    yield lines;
  }
  const last = (rest + decoder.end()).replace(/\r$/, "");
  if (last !== "") yield [last];
}

async function* rowsOf(
  batches: AsyncIterable<readonly string[]>,
  columns: FixedColumns,
  crossing: number[],
): AsyncGenerator<readonly GridRow[]> {
  let number = 0;
  for await (const lines of batches) {
    const rows: GridRow[] = [];
    for (const line of lines) {
      number++;
      if (line.trim() === "" || isRuler(line)) continue;
      if (number <= columns.firstLine) rows.push({ number, cells: [line.trim()] });
      else rows.push({ number, cells: cellsOf(line, columns, () => crossing.push(number)) });
    }
    yield rows;
  }
}

function cellsOf(line: string, { starts, ends }: FixedColumns, onCrossing: () => void): readonly string[] {
  const chars = isPlain.test(line) ? line : [...line];
  const slice = (from: number, to: number) => {
    const part = chars.slice(from, to);
    return typeof part === "string" ? part : part.join("");
  };
  const isCut = (start: number) => start > 0 && isInk(chars[start - 1]) && isInk(chars[start]);
  if (starts.some(isCut)) onCrossing();
  return starts.map((start, i) => slice(start, ends[i] ?? chars.length).trim());
}

/** No character that takes two units. */
const isPlain = /^[^\ud800-\udfff]*$/;
const isInk = (char: string | undefined) => char !== undefined && char.trim() !== "";

function notesOf({ starts }: FixedColumns, crossing: readonly number[]): Note[] {
  const places = starts.map((start) => start + 1);
  const found = `columns were found at characters ${places.slice(0, 20).join(", ")}${places.length > 20 ? " …" : ""}; tell them with --columns if that is wrong`;
  const rows = [...new Set(crossing)].slice(0, 5).join(", ");
  return [
    { about: "columns", text: found },
    ...(crossing.length > 0
      ? [
          {
            about: "columns",
            text: `${crossing.length === 1 ? "1 line runs" : `${crossing.length} lines run`} across columns and ${crossing.length === 1 ? "is" : "are"} cut there, first row ${rows}`,
          },
        ]
      : []),
  ];
}
