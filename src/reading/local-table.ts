import type { Field, Resource } from "../descriptor/types.ts";
import type { Part } from "./parts.ts";

/** Fields that a source itself tells; other columns are found out, unless these are all. */
export interface KnownFields {
  readonly fields: readonly Field[];
  readonly areAll: boolean;
}

/** A file on this machine, ready for the engine: UTF-8 for text formats, described, all columns raw. */
export interface LocalTable {
  readonly path: string;
  /** How the file at `path` is compressed; the engine reads both natively. */
  readonly compression: "gz" | "zst" | null;
  /** True for a copy of a source that is no text: findings in it have a row, but no line and no byte. */
  readonly isSpooled: boolean;
  /** `csv` (with the resource's full dialect), `json`, `ndjson`, `parquet`. */
  readonly format: string;
  /** As described; for csv `resource.schema.fields` are the guessed or declared fields. */
  readonly resource: Resource;
  /** Names of the file's columns, in order, as they shall be called (unique, never empty). */
  readonly columns: readonly string[];
  /** Labels as they stand in the header; empty when there is no header. */
  readonly labels: readonly string[];
  /** True if the quotes above the rows are broken, so that only the tokenizer may skip what stands there. */
  readonly isHeadBroken?: boolean;
  /** Names of fields whose type was guessed from a sample and may be contradicted by a later cell. */
  readonly guessed: readonly string[];
  /** For a copy in NDJSON: what its source says of its columns. */
  readonly known?: KnownFields;
  /** The files that were put together at `path`, if there were several. */
  readonly parts?: readonly Part[];
  /** Bytes on disk, for progress. */
  readonly bytes: number;
  /** The file that its descriptor speaks of, as it was before it was unpacked, decoded or copied. */
  readonly original?: OriginalFile;
}

export interface OriginalFile {
  readonly path: string;
  readonly bytes: number;
}
