import { type Command, InvalidArgumentError, Option } from "commander";
import type { ReadingOptions } from "../reading/options.ts";

export const policies = ["fail", "drop", "clear", "keep", "report"] as const;

/** What commander gives for the options that every command which reads a source takes. */
export interface SourceOptions {
  readonly format?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly headerRows?: readonly number[] | "none";
  readonly comment?: string;
  readonly sheet?: string;
  readonly range?: string;
  readonly columns?: string;
  readonly table?: string;
  readonly member?: string;
  readonly path?: string;
  readonly query?: string;
  readonly types?: "infer" | "none";
  readonly missingValues?: readonly string[];
  readonly onError?: (typeof policies)[number];
  readonly trusted?: boolean;
  readonly secret?: string;
}

/** Adds the reading options, the policy for bad cells, and `--trusted`. */
export function addReadingOptions(command: Command): Command {
  return command
    .option("--format <name>", "format of the source, such as csv, json, ndjson, parquet")
    .option("--encoding <name>", "encoding, such as utf-8 or windows-1252")
    .option("--delimiter <char>", "what separates cells; \\t for a tab", unescaped)
    .option("--quote <char>", "what encloses cells")
    .option(
      "--header-rows <rows>",
      "rows of the header, such as 1 or 1,2; none: there is no header",
      headerRows,
    )
    .option("--comment <char>", "lines that start with it are no data")
    .option("--sheet <name>", "sheet of a spreadsheet, by name or number; a pattern such as * for several")
    .option("--range <cells>", "part of a sheet, such as A3:F20")
    .option(
      "--columns <places>",
      "columns of fixed width, as widths such as 10,5,20 or places such as 1-10,12-20",
    )
    .option("--table <name>", "table of a page, by name or number; a pattern such as * for several")
    .option("--member <path>", "file in an archive, by path; a pattern such as *.csv for several")
    .option("--path <path>", "where the rows stand in JSON or XML, such as result.records")
    .option("--query <sql>", "query of a database, in place of a table")
    .addOption(
      new Option("--types <how>", "infer types, or none: all cells are text").choices(["infer", "none"]),
    )
    .option("--missing-values <texts...>", 'texts that mean "no value"')
    .addOption(new Option("--on-error <policy>", "what happens to bad cells and rows").choices(policies))
    .option("--secret <name>", "secret for a web server, from AIRCAN_SECRET_<NAME>", secretName)
    .option("--max-download <size>", "largest source from elsewhere, such as 500MB (20GB)")
    .option("--fetch-timeout <seconds>", "give a source up after so long without a byte (30)")
    .option("--trusted", "descriptors may name absolute paths, ../ and file:")
    .option("--data <folder>", "data folder, whose tables `datastore://name` means");
}

/** The options as reading knows them. */
export function readingOptions(options: SourceOptions): ReadingOptions {
  const {
    format,
    encoding,
    delimiter,
    quote,
    headerRows,
    comment,
    sheet,
    range,
    columns,
    table,
    member,
    path,
    query,
    types,
    missingValues,
    secret,
  } = options;
  return {
    ...(format === undefined ? {} : { format }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote }),
    ...(headerRows === undefined ? {} : { headerRows }),
    ...(comment === undefined ? {} : { comment }),
    ...(sheet === undefined ? {} : { sheet: /^\d+$/.test(sheet) ? Number(sheet) : sheet }),
    ...(range === undefined ? {} : { range }),
    ...(columns === undefined ? {} : { columns }),
    ...(table === undefined ? {} : { table: /^\d+$/.test(table) ? Number(table) : table }),
    ...(member === undefined ? {} : { member }),
    ...(path === undefined ? {} : { path }),
    ...(query === undefined ? {} : { query }),
    ...(types === undefined ? {} : { types }),
    ...(missingValues === undefined ? {} : { missingValues }),
    ...(secret === undefined ? {} : { secret }),
  };
}

function secretName(text: string): string {
  const name = text.replace(/^secret:\/\//, "");
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name))
    throw new InvalidArgumentError("It must be the name of a secret, not the secret itself.");
  return `secret://${name}`;
}

function unescaped(text: string): string {
  const char = text === "\\t" || text === "tab" ? "\t" : text;
  if (char.length !== 1) throw new InvalidArgumentError("It must be one character.");
  return char;
}

function headerRows(text: string): readonly number[] | "none" {
  if (text === "none" || text === "0") return "none";
  const rows = text.split(",").map(Number);
  if (!rows.every((row) => Number.isInteger(row) && row > 0))
    throw new InvalidArgumentError("It must be row numbers such as 1 or 1,2, or none.");
  return rows;
}

/** Reads a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least)
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    return number;
  };
}
