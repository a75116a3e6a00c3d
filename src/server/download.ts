import type { Readable } from "node:stream";
import type { Context } from "hono";
import type { ServerEnv } from "./parts.ts";
import { webStream } from "./web-stream.ts";

export interface DownloadFacts {
  readonly name: string;
  readonly mediatype: string;
  readonly bytes?: number;
}

/**
 * Sends a stream as a file to be saved. Whatever it holds, a browser shows none of it as a page of ours. If the
 * stream fails on the way the connection breaks, so that no reader takes half a file for a whole one.
 */
export function download(
  c: Context<ServerEnv>,
  content: Readable,
  { name, mediatype, bytes }: DownloadFacts,
): Response {
  c.header("content-type", mediatype);
  c.header("content-disposition", contentDisposition(name));
  c.header("content-security-policy", "sandbox; default-src 'none'");
  c.header("cache-control", "no-store");
  if (bytes !== undefined) c.header("content-length", String(bytes));
  return c.body(webStream(content));
}

/** As RFC 6266 has it: a name in ASCII for old readers, the real one beside it. */
function contentDisposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
