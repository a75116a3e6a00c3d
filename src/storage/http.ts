import { lookup } from "node:dns";
import { BlockList, isIP } from "node:net";
import { Readable } from "node:stream";
import type { Response } from "undici";
import { AirCanError, messageOf } from "../base/errors.ts";

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Private, loopback and link-local addresses that may be reached: all, or these hosts. */
  readonly allowPrivate: boolean | readonly string[];
  readonly maxBytes?: number;
  /** Milliseconds without a byte before the source counts as dead; 30 s unless told. */
  readonly idleTimeout?: number;
}

export interface Fetched {
  readonly url: string;
  readonly contentType: string | null;
  readonly bytes: number | null;
  /** What tells this state of the source from another, where it says so. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly body: Readable;
}

const maxRedirects = 10;
const tries = 3;
const defaultMaxBytes = 20 * 1024 ** 3;

const privateAddresses = new BlockList();
const subnets: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
];
for (const [net, prefix] of subnets) privateAddresses.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  privateAddresses.addSubnet(net, prefix, "ipv6");
}

/** True for an address inside a private, loopback, link-local, shared or multicast network. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return isPrivateAddress(mapped);
  return privateAddresses.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/**
 * Opens an http(s) address. Redirects are followed by hand, each hop tested again; names are resolved and
 * tested at connect time, so that a name cannot change its address between test and use. 5xx answers and
 * broken connections are tried three times.
 *
 * @throws AirCanError `scheme-error`, `unsafe-path`, `timeout`; the body throws `too-large` and `timeout`.
 */
export async function openUrl(url: string, options: FetchOptions): Promise<Fetched> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await follow(new URL(url), options);
    } catch (error) {
      if (!(error instanceof AirCanError) || !error.where.again || attempt >= tries || options.signal.aborted)
        throw error;
      await pause(200 * 2 ** attempt, options.signal);
    }
  }
}

async function follow(start: URL, options: FetchOptions): Promise<Fetched> {
  let url = start;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    requireSafe(url, options);
    const response = await request(url, options);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null)
      return answer(url, response, options);
    await response.body?.cancel();
    url = new URL(location, url);
  }
  throw new AirCanError("scheme-error", `${shown(start)} redirects more than ${maxRedirects} times.`);
}

/** What is sent to an address, once. */
export interface Sending extends FetchOptions {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Posts a text to an http(s) address, guarded as in `openUrl`. Redirects are not followed; the answer's body
 * is not read.
 *
 * @throws AirCanError `scheme-error` (also for an answer that is not 2xx), `unsafe-path`, `timeout`.
 */
export async function postText(address: string, options: Sending): Promise<void> {
  const url = parseUrl(address);
  requireSafe(url, options);
  const { body, headers } = options;
  const response = await request(url, options, { method: "POST", body, headers });
  await response.body?.cancel();
  if (!response.ok)
    throw new AirCanError(
      "scheme-error",
      `${shown(url)} answers ${response.status} ${response.statusText}.`,
      {
        where: { url: shown(url), status: response.status },
      },
    );
}

function parseUrl(address: string): URL {
  if (URL.canParse(address)) return new URL(address);
  throw new AirCanError("scheme-error", `"${address}" is no http address.`);
}

function requireSafe(url: URL, options: FetchOptions): void {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new AirCanError(
      "unsafe-path",
      `${shown(url)} leads to the scheme ${url.protocol}, which is not allowed.`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) && isPrivateAddress(host) && !isAllowed(url.hostname, options))
    throw privateError(url.hostname);
}

function isAllowed(host: string, { allowPrivate }: FetchOptions): boolean {
  return typeof allowPrivate === "boolean" ? allowPrivate : allowPrivate.includes(host);
}

function privateError(host: string): AirCanError {
  return new AirCanError(
    "unsafe-path",
    `${host} is an address in a private network, which is not allowed here.`,
    {
      hint: "Allow the host with AIRCAN_ALLOW_PRIVATE_URLS, or use a public address.",
      where: { host },
    },
  );
}

interface Message {
  readonly method: "GET" | "POST";
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function request(
  url: URL,
  options: FetchOptions,
  message: Message = { method: "GET" },
): Promise<Response> {
  const { Agent, fetch } = await import("undici"); // large, and needed for addresses only
  const idle = options.idleTimeout ?? 30_000;
  const dispatcher = new Agent({
    connect: { timeout: Math.min(idle, 10_000), lookup: safeLookup(options) },
    headersTimeout: idle,
    bodyTimeout: idle,
  });
  try {
    return await fetch(withoutUser(url), {
      ...message,
      redirect: "manual",
      dispatcher,
      signal: options.signal,
      headers: { "user-agent": "aircan", ...basicOf(url), ...message.headers },
    });
  } catch (error) {
    throw connectionError(url, error, options.signal);
  }
}

function withoutUser(url: URL): URL {
  const copy = new URL(url);
  copy.username = "";
  copy.password = "";
  return copy;
}

/** User and password of an address go in a header, for this hop only. */
function basicOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString("base64")}` };
}

type Lookup = typeof lookup;

function safeLookup(options: FetchOptions): Lookup {
  const safe = (host: string, settings: object, done: (error: Error | null, ...rest: unknown[]) => void) => {
    lookup(host, settings, (error, address: unknown, family: unknown) => {
      const all = Array.isArray(address) ? address : [{ address, family }];
      const bad =
        !error && !isAllowed(host, options) && all.some((entry) => isPrivateAddress(String(entry.address)));
      done(error ?? (bad ? privateError(host) : null), address, family);
    });
  };
  return safe as Lookup; // the overloads of lookup cannot be written as one function
}

function connectionError(url: URL, error: unknown, signal: AbortSignal): AirCanError {
  if (signal.aborted) return new AirCanError("interrupted", `Fetching ${shown(url)} was cancelled.`);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AirCanError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code.includes("TIMEOUT"))
    return new AirCanError("timeout", `${shown(url)} did not answer in time.`, {
      where: { url: shown(url) },
    });
  const reason = code === "ENOTFOUND" ? "its host is not known" : messageOf(cause) || code;
  return new AirCanError("scheme-error", `${shown(url)} cannot be reached: ${reason}.`, {
    where: { url: shown(url), again: code !== "ENOTFOUND" },
  });
}

function answer(url: URL, response: Response, options: FetchOptions): Fetched {
  if (!response.ok || response.body === null) {
    void response.body?.cancel();
    throw new AirCanError(
      "scheme-error",
      `${shown(url)} answers ${response.status} ${response.statusText}.`,
      {
        where: {
          url: shown(url),
          status: response.status,
          ...(response.status >= 500 ? { again: true } : {}),
        },
      },
    );
  }
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const limit = options.maxBytes ?? defaultMaxBytes;
  if (length > limit) throw tooLarge(url, limit);
  // undici's and Node's stream types differ in name only
  const body = Readable.fromWeb(response.body as never).on("error", () => {});
  return {
    url: url.href,
    contentType: response.headers.get("content-type"),
    bytes: Number.isNaN(length) ? null : length,
    etag: response.headers.get("etag"),
    lastModified: response.headers.get("last-modified"),
    body: Readable.from(limited(url, limit, options)(body), { objectMode: false }),
  };
}

function limited(url: URL, limit: number, options: FetchOptions) {
  return async function* count(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    let bytes = 0;
    try {
      for await (const chunk of source) {
        bytes += chunk.length;
        if (bytes > limit) throw tooLarge(url, limit);
        yield chunk;
      }
    } catch (error) {
      throw error instanceof AirCanError ? error : connectionError(url, error, options.signal);
    }
  };
}

function tooLarge(url: URL, limit: number): AirCanError {
  return new AirCanError("too-large", `${shown(url)} is larger than the limit of ${limit} bytes.`, {
    where: { url: shown(url), limit },
  });
}

/** An address without its password and query, fit for messages. */
export function shown(url: URL | string): string {
  const copy = new URL(url);
  copy.username = "";
  copy.password = "";
  copy.search = "";
  copy.hash = "";
  return copy.href + (new URL(url).search ? "?…" : "");
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
