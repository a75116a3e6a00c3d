import type { Readable } from "node:stream";
import { AirCanError } from "../base/errors.ts";
import { connectionError, shown } from "./http-request.ts";
import { isPassing, passingError, pauseAfter, tries } from "./retry.ts";

/** An answer whose body is read, from its start or from the byte where an earlier one broke off. */
export interface Continued {
  readonly url: URL;
  readonly status: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** `Content-Range` of a partial answer. */
  readonly range: string | null;
  /** True if the body is decompressed on the way, so that its bytes are not those of ranges. */
  readonly isEncoded: boolean;
  readonly body: Readable;
}

interface Continuing {
  /** Asks once more, with these headers. */
  readonly again: (headers: Readonly<Record<string, string>>) => Promise<Continued>;
  readonly signal: AbortSignal;
}

/**
 * The bytes of a file, over as many connections as it takes: where one breaks off, the rest is asked for
 * (RFC 9110: `Range` with `If-Range`). Given up after three times without a byte, or if the server does not
 * say which version of the file it sends.
 *
 * @throws AirCanError `scheme-error` (broken off, changed meanwhile), `timeout`, `interrupted`.
 */
export async function* wholeBody(first: Continued, { again, signal }: Continuing): AsyncGenerator<Buffer> {
  let bytes = 0;
  let skip = 0;
  let fruitless = 0;
  for (let answer = first; ; ) {
    try {
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        const rest = chunk.subarray(skip);
        skip -= chunk.length - rest.length;
        if (rest.length === 0) continue;
        bytes += rest.length;
        fruitless = 0;
        yield rest;
      }
      return;
    } catch (error) {
      const failed = brokenOff(first.url, connectionError(first.url, error, signal), bytes);
      if (!isPassing(failed) || !canGoOn(first, bytes) || ++fruitless >= tries) throw failed;
      await pauseAfter(failed, { count: fruitless, signal });
      answer = await again(rangeOf(first, bytes));
      skip = skipped(first, answer, bytes);
    }
  }
}

function brokenOff(url: URL, error: AirCanError, bytes: number): AirCanError {
  if (error.code === "timeout") return passingError(error);
  if (!isPassing(error)) return error;
  const message = `${shown(url)} broke off after ${bytes} bytes.`;
  return passingError(
    new AirCanError("scheme-error", message, {
      hint: "Try again: the connection or the server has a problem.",
      where: error.where,
      cause: error.cause,
    }),
  );
}

/** A tag that stands for exactly these bytes. */
const strongTag = ({ etag }: Continued) => (etag?.startsWith("W/") ? null : etag);

const versionOf = (answer: Continued) => strongTag(answer) ?? answer.lastModified;

const canGoOn = (first: Continued, bytes: number) => bytes === 0 || versionOf(first) !== null;

function rangeOf(first: Continued, bytes: number): Record<string, string> {
  const version = versionOf(first);
  if (bytes === 0 || version === null || first.isEncoded) return {};
  return { range: `bytes=${bytes}-`, "if-range": version };
}

/** Bytes at the start of an answer that are here already. @throws AirCanError if it is of another version. */
function skipped(first: Continued, answer: Continued, bytes: number): number {
  if (answer.status === 206 && answer.range?.startsWith(`bytes ${bytes}-`)) return 0;
  if (bytes === 0 || (answer.status === 200 && versionOf(answer) === versionOf(first))) return bytes;
  answer.body.destroy();
  throw new AirCanError("scheme-error", `${shown(first.url)} was changed while it was fetched.`, {
    hint: "Fetch it again.",
    where: { url: shown(first.url) },
  });
}
