import { Readable } from "node:stream";
import type { Response } from "undici";
import { AirCanError } from "../base/errors.ts";
import { decodePercents } from "./decode-percents.ts";
import { type Message, type RequestOptions, request, shown } from "./http-request.ts";
import { isPassing, passingError, retryAfter, withRetries } from "./retry.ts";
import { type Continued, wholeBody } from "./whole-body.ts";

type Headers = Readonly<Record<string, string>>;

/** What tells one state of a remote file from another, as its server says. */
export interface Version {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface FetchOptions extends RequestOptions {
  readonly maxBytes?: number;
  /** Sent to the address itself and its own origin, never to where it redirects otherwise. */
  readonly headers?: Headers | ((url: URL) => Headers | Promise<Headers>);
  /** What an answer that is not 2xx means, where its body (the first 64 KB) says it; undefined: what its status says. */
  readonly explain?: (status: number, text: string, headers: Response["headers"]) => AirCanError | undefined;
  /** The version that is here already: if it is still that, the answer has status 304 and no body. */
  readonly known?: Version;
}

export interface Fetched extends Version {
  /** Where redirects led. */
  readonly url: string;
  /** 200, or 304 for a `known` version. */
  readonly status: number;
  readonly contentType: string | null;
  /** The name that the server gives to the file; null if it gives none. */
  readonly fileName: string | null;
  readonly bytes: number | null;
  readonly body: Readable;
}

const maxRedirects = 10;
/** Bytes that a source may have unless told. */
export const defaultMaxBytes = 20 * 1024 ** 3;

/**
 * Opens an http(s) address. Redirects are followed by hand, each hop tested again. Answers of 5xx, 408 and
 * 429 and connections that fail are tried three times, after the pause that the server asks for. A body that
 * breaks off is asked for from there on, if the server says which version of the file it is.
 *
 * @throws AirCanError `scheme-error`, `unsafe-path`, `timeout`, `too-large`; the body throws the same.
 */
export async function openUrl(address: string, options: FetchOptions): Promise<Fetched> {
  const url = parseUrl(address);
  const open = (headers: Headers) =>
    withRetries(() => follow(url, { ...options, conditions: headers }), options.signal);
  const first = await open(conditionsOf(options.known));
  const facts = factsOf(first);
  const limit = options.maxBytes ?? defaultMaxBytes;
  if (facts.bytes !== null && facts.bytes > limit) {
    void first.response.body?.cancel();
    throw tooLarge(first.url, limit);
  }
  const again = async (headers: Headers) => continuedOf(await open(headers));
  const body = wholeBody(continuedOf(first), { again, signal: options.signal });
  return { ...facts, body: Readable.from(limited(body, first.url, limit), { objectMode: false }) };
}

function conditionsOf(known: Version | undefined): Headers {
  return {
    ...(known?.etag ? { "if-none-match": known.etag } : {}),
    ...(known?.lastModified ? { "if-modified-since": known.lastModified } : {}),
  };
}

interface Answer {
  readonly url: URL;
  readonly response: Response;
}

interface Following extends FetchOptions {
  /** Headers that go to every hop. */
  readonly conditions: Headers;
}

async function follow(start: URL, options: Following): Promise<Answer> {
  let url = start;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const own = url.origin === start.origin ? await headersOf(options, url) : {};
    const response = await request(url, options, {
      method: "GET",
      headers: { ...options.conditions, ...own },
    });
    const location = response.headers.get("location");
    const isRedirect = response.status >= 300 && response.status < 400 && response.status !== 304;
    if (!isRedirect || location === null) return requireOk({ url, response }, options);
    await response.body?.cancel();
    url = new URL(location, url);
  }
  throw new AirCanError("scheme-error", `${shown(start)} redirects more than ${maxRedirects} times.`);
}

async function headersOf({ headers }: FetchOptions, url: URL): Promise<Headers> {
  return typeof headers === "function" ? headers(url) : (headers ?? {});
}

async function requireOk(answer: Answer, { conditions, explain }: Following): Promise<Answer> {
  const { response } = answer;
  const isKnown = response.status === 304 && Object.keys(conditions).length > 0;
  if (isKnown || response.ok) return answer;
  const told = explain?.(response.status, await startOf(response), response.headers);
  void response.body?.cancel().catch(() => {});
  const error = answerError(answer);
  if (told === undefined) throw error;
  throw isPassing(error) ? passingError(told) : told;
}

/** The first bytes of an answer, as text. */
async function startOf({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  let text = "";
  for (;;) {
    const { value, done } = (await reader?.read().catch(() => undefined)) ?? { done: true };
    if (done || value === undefined || text.length > 65_536) break;
    text += Buffer.from(value).toString();
  }
  reader?.releaseLock();
  return text;
}

/** What an answer that is not 2xx means. */
function answerError({ url, response }: Answer): AirCanError {
  const { status, statusText, headers } = response;
  const error = new AirCanError(
    "scheme-error",
    `${shown(url)} answers ${`${status} ${statusText}`.trim()}.`,
    {
      where: { url: shown(url), status },
      ...hintOf(status, headers.get("retry-after")),
    },
  );
  const isPassing = status >= 500 || status === 408 || status === 429;
  return isPassing ? passingError(error, retryAfter(headers.get("retry-after"))) : error;
}

function hintOf(status: number, retry: string | null): { readonly hint?: string } {
  if (retry !== null) return { hint: `Try again later: the server asks to wait (Retry-After: ${retry}).` };
  if (status === 401 || status === 403)
    return { hint: "Give a secret with `--secret`, if the address needs one, or ask for access." };
  if (status === 404 || status === 410) return { hint: "Check the address; the file may have been moved." };
  if (status === 429 || status >= 500) return { hint: "Try again later: the server has a problem." };
  return {};
}

function factsOf({ url, response }: Answer): Omit<Fetched, "body"> {
  const { headers, status } = response;
  const length = Number(headers.get("content-length") ?? Number.NaN);
  const isEncoded = headers.get("content-encoding") !== null;
  return {
    url: url.href,
    status,
    contentType: headers.get("content-type"),
    fileName: namedFile(headers.get("content-disposition")),
    bytes: Number.isNaN(length) || isEncoded ? null : length,
    etag: headers.get("etag"),
    lastModified: headers.get("last-modified"),
  };
}

/** The file name of a `Content-Disposition`, without folders (RFC 6266). */
export function namedFile(header: string | null): string | null {
  const wide = /filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)/i.exec(header ?? "");
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header ?? "");
  const name = wide
    ? decodePercents(wide[2] ?? "")
    : (plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2] ?? "");
  return name.split(/[\\/]/).at(-1) || null;
}

function continuedOf({ url, response }: Answer): Continued {
  const { headers, status, body } = response;
  return {
    url,
    status,
    etag: headers.get("etag"),
    lastModified: headers.get("last-modified"),
    range: headers.get("content-range"),
    isEncoded: headers.get("content-encoding") !== null,
    // undici's and Node's stream types differ in name only
    body: body === null ? Readable.from([]) : Readable.fromWeb(body as never).on("error", () => {}),
  };
}

async function* limited(body: AsyncIterable<Buffer>, url: URL, limit: number): AsyncIterable<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limit) throw tooLarge(url, limit);
    yield chunk;
  }
}

/** The error of a file beyond the limit. */
export function tooLarge(url: URL, limit: number): AirCanError {
  return new AirCanError("too-large", `${shown(url)} is larger than the limit of ${limit} bytes.`, {
    hint: "Take a smaller file, or raise the limit (`--max-download`, AIRCAN_MAX_DOWNLOAD).",
    where: { url: shown(url), limit },
  });
}

/** What is sent to an address, once. */
export interface Sending extends RequestOptions {
  readonly body: string;
  readonly headers: Headers;
}

/**
 * Posts a text to an http(s) address, guarded as in `openUrl`. Redirects are not followed; gives the answer's
 * body if it is asked for.
 *
 * @throws AirCanError `scheme-error` (also for an answer that is not 2xx), `unsafe-path`, `timeout`.
 */
export async function postText(address: string, options: Sending): Promise<void> {
  await (await send(address, options, "POST")).body?.cancel();
}

/** As `postText`, and reads the answer as JSON. @throws AirCanError as `postText`. */
export async function postForJson(address: string, options: Sending): Promise<unknown> {
  return (await send(address, options, "POST")).json();
}

async function send(address: string, options: Sending, method: Message["method"]): Promise<Response> {
  const url = parseUrl(address);
  const { body, headers } = options;
  const response = await request(url, options, { method, body, headers });
  if (response.ok) return response;
  await response.body?.cancel();
  throw answerError({ url, response });
}

function parseUrl(address: string): URL {
  if (URL.canParse(address)) return new URL(address);
  throw new AirCanError("scheme-error", `"${address}" is no http address.`);
}
