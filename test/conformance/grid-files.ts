import { type CellObject, utils, type WorkSheet, write } from "@e965/xlsx";
import { zipOf } from "../../src/reading/formats/grid-testing.ts";
import type { ConformanceField, ConformanceTable, FileMaker, Value } from "./conformance-table.ts";

/** Files of each format that is a grid. */
export const gridFiles: readonly FileMaker[] = [
  { format: "csv", extension: "csv", make: csvOf, canBeCut: true },
  { format: "tsv", extension: "tsv", make: (table) => textOf(table, "\t"), canBeCut: true },
  { format: "xlsx", extension: "xlsx", make: (table) => bookOf(table, "xlsx") },
  { format: "xlsb", extension: "xlsb", make: (table) => bookOf(table, "xlsb"), maxRows: 1000 },
  { format: "xls", extension: "xls", make: (table) => bookOf(table, "biff8"), maxRows: 5000 },
  { format: "excel-xml", extension: "xml", make: (table) => bookOf(table, "xlml") },
  {
    format: "ods",
    extension: "ods",
    make: (table) => zipOf({ mimetype, "content.xml": contentOf(table, "document-content") }),
  },
  { format: "fods", extension: "fods", make: (table) => contentOf(table, "document") },
  { format: "html", extension: "html", make: htmlOf, canBeCut: true },
  { format: "fixed-width", extension: "fwf", make: fixedWidthOf, canBeCut: true },
];

const shown = (value: Value) => (value === null ? "" : String(value));

function csvOf(table: ConformanceTable): string {
  return textOf(table, ",");
}

function textOf({ fields, rows }: ConformanceTable, delimiter: string): string {
  const quoted = (text: string) => (/[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [fields.map(({ name }) => name), ...rows.map((row) => row.map(shown))];
  return `${lines.map((cells) => cells.map(quoted).join(delimiter)).join("\n")}\n`;
}

/** The number of a moment in Excel's calendar. */
const serialOf = (text: string) =>
  Date.parse(`${text.slice(0, 10)}T${text.slice(11) || "00:00:00"}Z`) / 86_400_000 + 25_569;

function cellOf(value: Value, { type }: ConformanceField): CellObject | undefined {
  if (value === null) return undefined;
  const text = String(value);
  if (type === "date") return { t: "n", v: serialOf(text), z: "yyyy-mm-dd" };
  if (type === "datetime") return { t: "n", v: serialOf(text), z: "yyyy-mm-dd hh:mm:ss" };
  if (type === "time") return { t: "n", v: serialOf(`1970-01-01T${text}`) - 25_569, z: "hh:mm:ss" };
  return { t: type === "string" ? "s" : type === "boolean" ? "b" : "n", v: value };
}

function bookOf({ fields, rows }: ConformanceTable, bookType: "xlsx" | "xlsb" | "biff8" | "xlml"): Buffer {
  const sheet: WorkSheet = {
    "!ref": utils.encode_range({ s: { r: 0, c: 0 }, e: { r: rows.length, c: fields.length - 1 } }),
  };
  for (const [c, field] of fields.entries()) {
    sheet[utils.encode_cell({ r: 0, c })] = { t: "s", v: field.name };
    for (const [r, row] of rows.entries())
      sheet[utils.encode_cell({ r: r + 1, c })] = cellOf(row[c] ?? null, field);
  }
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, "Data");
  return write(book, { type: "buffer", bookType, bookSST: bookType === "xlsx", compression: true });
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const mimetype = "application/vnd.oasis.opendocument.spreadsheet";

function contentOf({ fields, rows }: ConformanceTable, root: string): string {
  const cell = (value: Value, { type }: Pick<ConformanceField, "type">) => {
    const text = escaped(shown(value));
    if (value === null) return "<table:table-cell/>";
    const [kind, attribute] =
      type === "date" || type === "datetime"
        ? ["date", `office:date-value="${text}"`]
        : type === "time"
          ? ["time", `office:time-value="PT${text.replace(/(..):(..):(..)/, "$1H$2M$3S")}"`]
          : type === "boolean"
            ? ["boolean", `office:boolean-value="${text}"`]
            : type === "string"
              ? ["string", ""]
              : ["float", `office:value="${text}"`];
    return `<table:table-cell office:value-type="${kind}" ${attribute}><text:p>${text}</text:p></table:table-cell>`;
  };
  const header = fields.map(({ name }) => cell(name, { type: "string" }));
  const lines = [header, ...rows.map((row) => fields.map((field, i) => cell(row[i] ?? null, field)))];
  const body = lines.map((cells) => `<table:table-row>${cells.join("")}</table:table-row>`).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>
<office:${root} office:mimetype="${mimetype}"><office:body><office:spreadsheet><table:table table:name="Data">${body}</table:table></office:spreadsheet></office:body></office:${root}>`;
}

function htmlOf({ fields, rows }: ConformanceTable): string {
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  const lines = [
    line(
      fields.map(({ name }) => name),
      "th",
    ),
    ...rows.map((row) => line(row.map(shown), "td")),
  ];
  return `<!doctype html><html><meta charset="utf-8"><body><table>${lines.join("\n")}</table></body></html>`;
}

function fixedWidthOf({ fields, rows }: ConformanceTable): string {
  const lines = [fields.map(({ name }) => name), ...rows.map((row) => row.map(shown))];
  return lines.map((cells) => `${cells.map(padded).join("")}\n`).join("");
}

const padded = (cell: string) => cell + " ".repeat(Math.max(0, 40 - [...cell].length));
