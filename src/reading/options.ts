import type { ReadDatastore } from "./stored-table.ts";

/** How a source shall be read; whatever is not told is found out. */
export interface ReadingOptions {
  readonly format?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  /** Records of the header, from 1; none: the file has no header. */
  readonly headerRows?: readonly number[] | "none";
  /** Names that a schema gives the columns, by which a header is known. */
  readonly names?: readonly string[] | undefined;
  readonly comment?: string;
  /** Sheet of a spreadsheet: its name, its number from 1, or a pattern such as `20*` for several. */
  readonly sheet?: string | number;
  /** Part of a sheet, such as `A3:F20`. */
  readonly range?: string;
  /** Columns of a text of fixed width: widths such as `10,5,20`, or places such as `1-10,12-20`. */
  readonly columns?: string;
  /** Table of a page (or of a database): its name, its number from 1, or a pattern. */
  readonly table?: string | number;
  /** File in an archive: its path, or a pattern such as `*.csv` for several. */
  readonly member?: string;
  /** Where the rows stand in a JSON or XML document, such as `result.records` or `catalog/book`. */
  readonly path?: string;
  /** Query of a database, in place of a table. */
  readonly query?: string;
  /** `none`: every column is text and an empty cell is the empty text. */
  readonly types?: "infer" | "none";
  readonly missingValues?: readonly string[];
  /** What a web server asks for: a token, a value of `Authorization`, a `Header: value`, or `secret://name`. */
  readonly secret?: string;
}

/** How files of other machines are fetched. */
export type Fetching = Pick<ReadingContext, "maxBytes" | "idleTimeout" | "cacheFolder" | "onBytes">;

/** Where reading happens and what it may reach. */
export interface ReadingContext {
  /** Relative paths are relative to this folder. */
  readonly folder: string;
  /** False: a descriptor may name neither `../`, nor absolute paths, nor `file:`. */
  readonly trusted: boolean;
  /** Hosts in private networks that may be fetched; true: all. */
  readonly allowPrivate: boolean | readonly string[];
  /** False on a server: paths on this machine are refused. */
  readonly allowLocal: boolean;
  /**
   * True where others than the owner of this machine say what is read: its keys of S3 and Google Cloud then
   * serve only the buckets that `AIRCAN_ALLOW_BUCKETS` names. If paths are refused, unless told.
   */
  readonly isServer?: boolean;
  readonly temporaryFolder: string;
  /** True where only the first rows are wanted, so that a large compressed file is not unpacked for them. */
  readonly firstRows?: boolean;
  /** Where `datastore://name` is read; undefined where there is none. */
  readonly datastore?: ReadDatastore;
  /** Resolves names of secrets; undefined where there are those of the environment only. */
  readonly secret?: (name: string) => Promise<string>;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
  /** Milliseconds without a byte before a remote source counts as dead. */
  readonly idleTimeout?: number;
  /** A secret that goes to web servers, and the one origin that it is meant for, such as `https://example.org`. */
  readonly credentials?: { readonly origin: string; readonly value: string };
  /** Files of web servers are kept here, and fetched again only if they changed; undefined: none are. */
  readonly cacheFolder?: string;
  /** Hears of bytes as they come in. */
  readonly onBytes?: (progress: {
    readonly source: string;
    readonly done: number;
    readonly total: number | null;
  }) => void;
}
