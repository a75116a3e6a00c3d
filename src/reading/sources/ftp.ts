import { basename } from "node:path";
import { PassThrough, Writable } from "node:stream";
import type { Client } from "basic-ftp";
import { AirCanError, messageOf } from "../../base/errors.ts";
import { decodePercents } from "../../storage/decode-percents.ts";
import { defaultMaxBytes, tooLarge } from "../../storage/http.ts";
import { shown } from "../../storage/http-request.ts";
import { publicAddress } from "../../storage/private-address.ts";
import { isPassing, passingError, pauseAfter, tries } from "../../storage/retry.ts";
import type { SourceContext, SourceDefinition } from "./definition.ts";

/** Files of FTP servers; `ftps` asks for encryption with AUTH TLS, or has it from the start on port 990. */
export const ftp: SourceDefinition = {
  schemes: ["ftp", "ftps"],
  title: "FTP servers, with and without TLS",
  open: async (source, context) => {
    const url = parse(source);
    const path = decodePercents(url.pathname);
    const place = { url, path, context };
    const bytes = await connected(place, (client) => client.size(path).catch(() => null));
    const limit = context.maxBytes ?? defaultMaxBytes;
    if (bytes !== null && bytes > limit) throw tooLarge(url, limit);
    const body = new PassThrough({ highWaterMark: 1 << 20 });
    body.on("error", () => {}); // whoever reads it is told, also if it breaks before the reading begins
    void download(place, body, limit);
    return { body, bytes, fileName: basename(path), facts: {} };
  },
};

interface Place {
  readonly url: URL;
  readonly path: string;
  readonly context: SourceContext;
}

function parse(source: string): URL {
  if (URL.canParse(source) && new URL(source).pathname.length > 1) return new URL(source);
  throw new AirCanError(
    "scheme-error",
    `"${source.replace(/\/\/[^/@]*@/, "//")}" names no file of an FTP server.`,
  );
}

/** Downloads into the stream; where a connection breaks off, a new one goes on from there. */
async function download(place: Place, body: PassThrough, limit: number): Promise<void> {
  const { signal } = place.context;
  let bytes = 0;
  for (let fruitless = 0; ; ) {
    const before = bytes;
    const part = partOf(body, (length) => {
      bytes += length;
      if (bytes > limit) body.destroy(tooLarge(place.url, limit));
    });
    try {
      await connected(place, (client) => client.downloadTo(part, place.path, bytes));
      body.end();
      return;
    } catch (error) {
      part.destroy();
      fruitless = bytes > before ? 1 : fruitless + 1;
      if (body.destroyed) return;
      if (!isPassing(error) || fruitless >= tries || signal.aborted) {
        body.destroy(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      await pauseAfter(error, { count: fruitless, signal });
    }
  }
}

/** A stream for one connection: it hands on what comes, at the pace of the reader. */
function partOf(body: PassThrough, count: (bytes: number) => void): Writable {
  const part = new Writable({
    highWaterMark: 1 << 20,
    write: (chunk: Buffer, _, done) => {
      count(chunk.length);
      if (body.destroyed) done(new Error("nobody reads on"));
      else if (body.write(chunk)) done();
      else body.once("drain", done);
    },
    destroy: (error, done) => {
      body.off("close", stop);
      done(error);
    },
  });
  const stop = () => part.destroy(new Error("nobody reads on"));
  body.once("close", stop);
  return part;
}

/** Logs in, does something, and leaves. @throws AirCanError `scheme-error`, `unsafe-path`, `timeout`, `interrupted`. */
async function connected<Result>(
  { url, context }: Place,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { Client: FtpClient } = await import("basic-ftp");
  // the data connection goes to the host that was tested, whatever the server says
  const client = new FtpClient(context.idleTimeout ?? 30_000, { allowSeparateTransferHost: false });
  const abort = () => client.close();
  context.signal.addEventListener("abort", abort, { once: true });
  try {
    const isImplicit = url.protocol === "ftps:" && url.port === "990";
    await client.access({
      host: await publicAddress(url, context),
      port: Number(url.port || 21),
      ...(url.username ? { user: decodePercents(url.username) } : {}),
      ...(url.password ? { password: decodePercents(url.password) } : {}),
      secure: url.protocol === "ftp:" ? false : isImplicit ? "implicit" : true,
      secureOptions: { servername: url.hostname },
    });
    return await use(client);
  } catch (error) {
    throw ftpError(url, error, context.signal);
  } finally {
    context.signal.removeEventListener("abort", abort);
    client.close();
  }
}

function ftpError(url: URL, error: unknown, signal: AbortSignal): AirCanError {
  if (error instanceof AirCanError) return error;
  const where = { url: shown(url) };
  if (signal.aborted)
    return new AirCanError("interrupted", `Fetching ${where.url} was cancelled.`, { where });
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const failed = (message: string, hint?: string) =>
    new AirCanError("scheme-error", `${where.url} ${message}.`, {
      where,
      cause: error,
      ...(hint ? { hint } : {}),
    });
  if (code === 550)
    return failed(
      "is not there, or may not be read",
      "Check the path; it begins at the folder of the login.",
    );
  if (code === 530)
    return failed("cannot be read: the server refuses the login", "Write ftp://user:password@host/path.");
  if (code === "ENOTFOUND") return failed("cannot be reached: its host is not known");
  if (/timeout/i.test(messageOf(error)))
    return passingError(
      new AirCanError("timeout", `${where.url} did not answer in time.`, { where, cause: error }),
    );
  return passingError(
    failed(`cannot be read: ${messageOf(error).replace(/( \(control socket\))?\.?$/, "")}`),
  );
}
