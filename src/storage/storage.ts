import type { Readable } from "node:stream";

/** A place for the files of runs. Addresses are `/`-separated, relative to the root, never leave it. */
export interface Storage {
  /** As users write it: a folder, `s3://bucket/prefix`, `gs://bucket/prefix`. */
  readonly root: string;
  /** Streams to a temporary name, then one rename or completed upload. */
  readonly write: (
    address: string,
    content: Readable | string | Uint8Array,
    signal?: AbortSignal,
  ) => Promise<StoredFile>;
  readonly read: (
    address: string,
    range?: { readonly start: number; readonly end?: number },
  ) => Promise<Readable>;
  readonly stat: (address: string) => Promise<StoredFile | undefined>;
  readonly list: (prefix: string) => AsyncIterable<StoredFile>;
  readonly remove: (prefix: string) => Promise<void>;
  /** The file's path on this machine, if this storage is a folder; else it must be fetched. */
  readonly localPath: (address: string) => string | undefined;
}

export interface StoredFile {
  readonly address: string;
  readonly bytes: number;
}
