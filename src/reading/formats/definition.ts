import type { Resource } from "../../descriptor/types.ts";
import type { KnownFields } from "../local-table.ts";
import type { OpenedSource } from "../open-source.ts";
import type { ReadingContext, ReadingOptions } from "../options.ts";

/** What a reader of a format is told. */
export interface FormatReading {
  readonly options: ReadingOptions;
  /** What a descriptor says of the file. */
  readonly declared: Partial<Resource>;
  /** The first bytes of the file, decompressed. */
  readonly sample: Buffer;
  readonly context: ReadingContext;
}

/** One table of a file, as a file that the engine reads. */
export interface ReadTable {
  /** The file itself, or a copy of another form in the temporary folder. */
  readonly path: string;
  /** How the file at `path` is to be read; `csv` goes the way of delimited text. */
  readonly format: "csv" | "json" | "ndjson" | "parquet";
  /**
   * True for a copy: its rows are those of the source, its lines and bytes are not. A copy in CSV has commas,
   * `"` and LF, and a record for each row of the source from its first one.
   */
  readonly isSpooled: boolean;
  /** Such as a sheet's name, where one file gives several tables. */
  readonly name?: string;
  /** For a copy in NDJSON: what the source says of its columns. */
  readonly known?: KnownFields;
  /** What the source itself says of the table: a schema, the sheet in its dialect. */
  readonly resource?: Partial<Resource>;
}

/** A format of files with tables. One file each; `registry.ts` has them all. */
export interface FormatDefinition {
  /** The `format` of resources and of `--format`. */
  readonly name: string;
  readonly title: string;
  /** What is read of such a file, and how; sentences in Markdown. */
  readonly summary: string;
  /** The reading options that mean something for it. */
  readonly options: readonly (keyof ReadingOptions)[];
  /** Without dot, lower case; the first is the usual one. */
  readonly extensions: readonly string[];
  readonly mediatype: string;
  /** True where such a file is no text: a text that only bears its name is read as what it is. */
  readonly isBinary?: true;
  /** True if a file that begins so can be of this format only. */
  readonly matches?: (sample: Buffer) => boolean;
  /**
   * The tables of a file: those that the options and the descriptor name, else the first.
   *
   * @throws AirCanError `format-error` if the file is none of the format, or has no such table.
   */
  readonly read: (opened: OpenedSource, reading: FormatReading) => Promise<readonly ReadTable[]>;
}
