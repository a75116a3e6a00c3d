import type { Readable } from "node:stream";
import type { ReadingContext } from "../options.ts";

/** What a source needs of its surroundings. */
export type SourceContext = Pick<
  ReadingContext,
  | "allowPrivate"
  | "allowLocal"
  | "isServer"
  | "temporaryFolder"
  | "signal"
  | "maxBytes"
  | "idleTimeout"
  | "credentials"
  | "cacheFolder"
>;

/** What a server tells of a file beside its bytes; `aircan.source` of a resource. */
export interface SourceFacts {
  readonly etag?: string;
  readonly lastModified?: string;
  /** Of HTTP: 200, or 304 where the file in the cache was still right. */
  readonly status?: number;
  readonly contentType?: string;
}

/** A file on its way in. */
export interface Incoming {
  readonly body: Readable;
  /** Without folders; its extension may tell the format. */
  readonly fileName: string;
  /** Bytes of the whole, where it is known. */
  readonly bytes: number | null;
  readonly facts: SourceFacts;
}

/** A kind of address that files are read from. One file each; `registry.ts` has them all. */
export interface SourceDefinition {
  /** Without colon, lower case. */
  readonly schemes: readonly string[];
  readonly title: string;
  /**
   * Opens an address.
   *
   * @throws AirCanError `scheme-error`, `unsafe-path`, `timeout`, `too-large`; the body throws the same.
   */
  readonly open: (source: string, context: SourceContext) => Promise<Incoming>;
  /** The addresses that one with `*` means, sorted; only of kinds that can list. */
  readonly list?: (pattern: string, context: SourceContext) => Promise<readonly string[]>;
}
