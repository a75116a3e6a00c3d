import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { pipeline } from "node:stream";
import { createGzip } from "node:zlib";
import type { Context } from "hono";
import { normaliseAddress } from "../storage/address.ts";
import type { ServerEnv } from "./parts.ts";
import { webStream } from "./web-stream.ts";

/** What the page may do: only what comes from here. Styles are set on elements by the graph and the tables. */
export const pagePolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const mediatypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
};

/** Text, which is worth packing; browsers keep it, so each asks for it once. */
const packs = new Set([".html", ".js", ".css", ".svg"]);

/**
 * A file of the built page. An address that names no file gives `index.html`, which finds out itself what to
 * show; a missing file with an extension gives undefined. Files in `assets/` have a hash in their name.
 */
export async function pageFile(c: Context<ServerEnv>, folder: string): Promise<Response | undefined> {
  const address = addressOf(c.req.path);
  const file = address === undefined ? undefined : await openFile(join(folder, address));
  if (file) return sendFile(c, file, address?.startsWith("assets/") ?? false);
  if (address === undefined || address.startsWith("assets/")) return undefined;
  const index = await openFile(join(folder, "index.html"));
  return index && sendFile(c, index, false);
}

/** The path within the folder; undefined for one that would leave it. */
function addressOf(path: string): string | undefined {
  try {
    return normaliseAddress(decodeURIComponent(path).slice(1));
  } catch {
    return undefined;
  }
}

interface PageFile {
  readonly path: string;
  readonly bytes: number;
}

async function openFile(path: string): Promise<PageFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { path, bytes: found.size } : undefined;
}

function sendFile(c: Context<ServerEnv>, { path, bytes }: PageFile, immutable: boolean): Response {
  c.header("content-type", mediatypes[extname(path)] ?? "application/octet-stream");
  const packed = packs.has(extname(path)) && /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  c.header("vary", "accept-encoding");
  if (packed) c.header("content-encoding", "gzip");
  else c.header("content-length", String(bytes));
  c.header("cache-control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (c.req.method === "HEAD") return c.body(null);
  const file = createReadStream(path);
  // a failure on either side ends both
  return c.body(webStream(packed ? pipeline(file, createGzip(), () => {}) : file));
}
