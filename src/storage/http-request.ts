import type { Dispatcher, Response } from "undici";
import { AirCanError, messageOf } from "../base/errors.ts";
import { decodePercents } from "./decode-percents.ts";
import { type Reaching, requirePublic, safeLookup } from "./private-address.ts";
import { passingError } from "./retry.ts";

export interface RequestOptions extends Reaching {
  readonly signal: AbortSignal;
  /** Milliseconds without a byte before the other side counts as dead; 30 s unless told. */
  readonly idleTimeout?: number;
}

export interface Message {
  readonly method: "GET" | "POST" | "HEAD";
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One request, with no redirect followed. Names are resolved and tested at connect time, so that a name
 * cannot change its address between test and use.
 *
 * @throws AirCanError `scheme-error`, `unsafe-path`, `timeout`, `interrupted`.
 */
export async function request(url: URL, options: RequestOptions, message: Message): Promise<Response> {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new AirCanError(
      "unsafe-path",
      `${shown(url)} leads to the scheme ${url.protocol}, which is not allowed.`,
    );
  }
  requirePublic(url, options);
  const { fetch } = await import("undici"); // large, and needed for addresses only
  const dispatcher = await dispatcherFor(options);
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

/**
 * How to connect: through the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) where
 * every address may be reached; else directly, as a proxy would look up names that could not be tested.
 */
async function dispatcherFor(options: RequestOptions): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const idle = options.idleTimeout ?? 30_000;
  const how = {
    connect: { timeout: Math.min(idle, 10_000), lookup: safeLookup(options) },
    headersTimeout: idle,
    bodyTimeout: idle,
    pipelining: 0, // the connection ends with its answer
    allowH2: false, // one way to test, and nothing to gain for one file
  };
  if (options.allowPrivate !== true) return new Agent(how);
  const { no_proxy, NO_PROXY = no_proxy } = process.env;
  return new EnvHttpProxyAgent({
    ...how,
    noProxy: [NO_PROXY, "localhost,127.0.0.1,[::1]"].filter(Boolean).join(),
  });
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
  const text = `${decodePercents(username)}:${decodePercents(password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString("base64")}` };
}

/** What a failed request or a broken body means. */
export function connectionError(url: URL, error: unknown, signal: AbortSignal): AirCanError {
  if (signal.aborted) return new AirCanError("interrupted", `Fetching ${shown(url)} was cancelled.`);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AirCanError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const where = { url: shown(url) };
  if (code.includes("TIMEOUT"))
    return new AirCanError("timeout", `${shown(url)} did not answer in time.`, { where });
  const reason = code === "ENOTFOUND" ? "its host is not known" : messageOf(cause) || code;
  const failed = new AirCanError("scheme-error", `${shown(url)} cannot be reached: ${reason}.`, { where });
  return code === "ENOTFOUND" ? failed : passingError(failed);
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
