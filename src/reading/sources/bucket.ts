import { AirCanError } from "../../base/errors.ts";
import type { Fetched } from "../../storage/http.ts";
import type { Incoming, SourceContext } from "./definition.ts";
import { globPattern, globPrefix } from "./glob.ts";

/** An object in a store of objects. */
export interface BucketAddress {
  readonly bucket: string;
  readonly key: string;
  /** Settings that stand behind the key. */
  readonly settings: URLSearchParams;
}

/**
 * An address such as `s3://bucket/folder/file.csv?endpoint=…`. Keys stand as they are, without `%XX`; only a
 * `?` before one of the named settings ends the key.
 *
 * @throws AirCanError `scheme-error` if it has no bucket or no key.
 */
export function parseBucketAddress(source: string, settings: readonly string[]): BucketAddress {
  const [, scheme = "", bucket = "", rest = ""] = /^([a-z0-9]+):\/\/([^/?]*)\/?(.*)$/is.exec(source) ?? [];
  const at = settings.length === 0 ? -1 : rest.search(new RegExp(`\\?(?=(${settings.join("|")})=)`));
  const key = at === -1 ? rest : rest.slice(0, at);
  if (bucket === "" || key === "" || key.split("/").some((part) => part === "." || part === ".."))
    throw new AirCanError("scheme-error", `${source} names no object in a bucket.`, {
      hint: `Write ${scheme}://bucket/folder/file.csv.`,
      where: { source },
    });
  return { bucket, key, settings: new URLSearchParams(at === -1 ? "" : rest.slice(at + 1)) };
}

/**
 * True if the keys of this machine may be used to read a bucket: always in a command, and on a server for
 * the buckets that `AIRCAN_ALLOW_BUCKETS` names (or 1 for all), as whoever sends a load must not read with
 * the rights of the server.
 */
export function mayUseKeys(bucket: string, context: Pick<SourceContext, "allowLocal" | "isServer">): boolean {
  if (!isServer(context)) return true;
  const allowed = (process.env.AIRCAN_ALLOW_BUCKETS ?? "").split(/[\s,]+/);
  return allowed.includes(bucket) || allowed.includes("1");
}

/** True where others than the owner of this machine say what is read. */
export function isServer({ isServer, allowLocal }: Pick<SourceContext, "allowLocal" | "isServer">): boolean {
  return isServer ?? !allowLocal;
}

/** An endpoint of this machine's settings may be in a private network, without being allowed by name. */
export function reachEndpoint(context: SourceContext, endpoint: string | undefined): SourceContext {
  if (endpoint === undefined || context.allowPrivate === true || !URL.canParse(endpoint)) return context;
  const others = context.allowPrivate === false ? [] : context.allowPrivate;
  return { ...context, allowPrivate: [...others, new URL(endpoint).hostname] };
}

/** An object as it comes in. */
export function incomingObject(fetched: Fetched, key: string): Incoming {
  const { body, bytes, etag, lastModified, contentType } = fetched;
  return {
    body,
    bytes,
    fileName: key.split("/").at(-1) || "object",
    facts: {
      ...(etag === null ? {} : { etag }),
      ...(lastModified === null ? {} : { lastModified }),
      ...(contentType === null ? {} : { contentType }),
    },
  };
}

interface Listing {
  readonly pattern: string;
  readonly list: (prefix: string) => AsyncIterable<{ readonly key: string; readonly bytes: number }>;
}

/** The keys that a pattern means. */
export async function matchingKeys({ pattern, list }: Listing): Promise<string[]> {
  const matcher = globPattern(pattern);
  const keys: string[] = [];
  for await (const { key } of list(globPrefix(pattern)))
    if (!key.endsWith("/") && matcher.test(key)) keys.push(key);
  return keys.sort();
}
