import { posix } from "node:path";
import { AirCanError } from "../../base/errors.ts";
import { withoutPassword } from "../../storage/without-password.ts";
import { data } from "./data.ts";
import type { SourceDefinition } from "./definition.ts";
import { ftp } from "./ftp.ts";
import { gs } from "./gs.ts";
import { http } from "./http.ts";
import { s3 } from "./s3.ts";

/** The kinds of addresses that can be read, beside paths and standard input. */
export const sources: readonly SourceDefinition[] = [http, s3, gs, ftp, data];

/** True for an address, as opposed to a path. */
export function isAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) || /^data:([\w.+-]+\/[\w.+-]+)?(;[^,]*)?,/i.test(source);
}

/** An address as people may see it: without password and query, and without the content of a `data:` address. */
export function shownAddress(address: string): string {
  if (/^data:/i.test(address)) return `${address.slice(0, address.indexOf(","))},…`;
  const [start = "", query] = withoutPassword(address).split(/[?#](.*)/s);
  const [, scheme = "", rest = ""] = /^([a-z0-9+.-]+:\/\/)(?:[^/?#]*@)?(.*)$/is.exec(start) ?? [];
  return `${scheme}${rest}${query ? "?…" : ""}`;
}

/** Where a relative path leads from the address of a descriptor. Keys of buckets stand as they are; their settings stay. */
export function addressBeside(base: string, path: string): string {
  if (!/^(s3|gs):/i.test(base)) return new URL(path, base).href;
  const [, place = "", settings = ""] = /^(.*?)(\?(?:endpoint|region)=.*)?$/s.exec(base) ?? [];
  const [, root = "", key = ""] = /^(\w+:\/\/[^/]*\/)(.*)$/s.exec(place) ?? [];
  return root + posix.join(posix.dirname(key), path) + settings;
}

/** The kind of an address. @throws AirCanError `scheme-error` if its scheme is none that can be read. */
export function sourceFor(address: string): SourceDefinition {
  const scheme = address.slice(0, address.indexOf(":")).toLowerCase();
  const found = sources.find(({ schemes }) => schemes.includes(scheme));
  if (found) return found;
  const known = sources.flatMap(({ schemes }) => schemes).join(", ");
  throw new AirCanError(
    "scheme-error",
    `${scheme}:// is no scheme that can be read; known are file paths and ${known}.`,
    { where: { source: scheme } },
  );
}
