import { text } from "node:stream/consumers";
import { AirCanError } from "../base/errors.ts";
import { decodePercents } from "./decode-percents.ts";
import { type Fetched, type FetchOptions, openUrl } from "./http.ts";
import type { S3Settings } from "./s3-settings.ts";
import { encodeKey, encodePart, signS3 } from "./sign-s3.ts";

export interface S3Object {
  readonly key: string;
  readonly bytes: number;
}

/** A client of one S3, of Amazon or of any other that speaks its protocol. */
export interface S3 {
  /** @throws AirCanError `scheme-error` (no such bucket or key, no access), and as `openUrl`. */
  readonly get: (bucket: string, key: string) => Promise<Fetched>;
  /** The objects whose keys begin so, in the order of their keys. @throws AirCanError as `get`. */
  readonly list: (bucket: string, prefix: string) => AsyncGenerator<S3Object>;
}

export type S3Options = S3Settings & Omit<FetchOptions, "headers" | "explain">;

/** Opens a client; nothing is asked before the first call. */
export function openS3(options: S3Options): S3 {
  let { region } = options;
  const ask = async (bucket: string, key: string, query = ""): Promise<Fetched> => {
    const answered: { region?: string } = {};
    try {
      return await request({ ...options, region, bucket, key, query, answered });
    } catch (error) {
      if (answered.region === undefined || answered.region === region) throw error;
      region = answered.region; // the bucket lives elsewhere
      return request({ ...options, region, bucket, key, query, answered });
    }
  };
  return {
    get: (bucket, key) => ask(bucket, key),
    list: (bucket, prefix) => list(prefix, (query) => ask(bucket, "", query)),
  };
}

interface Asking extends S3Options {
  readonly bucket: string;
  readonly key: string;
  readonly query: string;
  /** Gets the region that an error names. */
  readonly answered: { region?: string };
}

function request({
  bucket,
  key,
  query,
  answered,
  endpoint,
  keys,
  region,
  ...fetching
}: Asking): Promise<Fetched> {
  return openUrl(addressOf({ endpoint, region, bucket, key }) + query, {
    ...fetching,
    headers: (url) => (keys ? signS3(url, { keys, region }) : {}),
    explain: (status, answer, headers) => {
      const told = headers.get("x-amz-bucket-region") ?? /<Region>([\w-]+)</.exec(answer)?.[1];
      if (told) answered.region = told;
      return explained(answer, { bucket, key, status, isSigned: keys !== undefined });
    },
  });
}

async function* list(prefix: string, ask: (query: string) => Promise<Fetched>): AsyncGenerator<S3Object> {
  for (let token = ""; ; ) {
    const more = token === "" ? "" : `&continuation-token=${encodePart(token)}`;
    const query = `?encoding-type=url&list-type=2&prefix=${encodePart(prefix)}`;
    const page = await text((await ask(query + more)).body);
    yield* objectsIn(page);
    token = entity(/<NextContinuationToken>([^<]+)</.exec(page)?.[1] ?? "");
    if (token === "") return;
  }
}

interface Place {
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
}

/** Amazon has buckets as hosts; others, and names with dots (which certificates do not cover), as first folder. */
function addressOf({ endpoint, region, bucket, key }: Place): string {
  const path = encodeKey(key);
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, "")}/${encodePart(bucket)}/${path}`;
  if (!/^[a-z0-9-]+$/.test(region))
    throw new AirCanError("config-error", `"${region}" is no region of S3.`, { where: { region } });
  const host = `s3.${region}.amazonaws.com`;
  return bucket.includes(".")
    ? `https://${host}/${encodePart(bucket)}/${path}`
    : `https://${encodePart(bucket)}.${host}/${path}`;
}

function* objectsIn(page: string): Generator<S3Object> {
  for (const [, content = ""] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const key = entity(/<Key>([^<]*)</.exec(content)?.[1] ?? "");
    const bytes = Number(/<Size>(\d+)</.exec(content)?.[1] ?? 0);
    yield { key: decodePercents(key.replaceAll("+", " ")), bytes };
  }
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const entity = (escaped: string) =>
  escaped.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);

interface Asked {
  readonly bucket: string;
  readonly key: string;
  readonly status: number;
  readonly isSigned: boolean;
}

/** What an error of S3 means to people. */
function explained(answer: string, { bucket, key, status, isSigned }: Asked): AirCanError | undefined {
  const code = /<Code>(\w+)<\/Code>/.exec(answer)?.[1];
  const source = `s3://${bucket}/${key}`;
  const where = { source, status, ...(code ? { code } : {}) };
  const failed = (message: string, hint: string) => new AirCanError("scheme-error", message, { hint, where });
  if (code === "NoSuchBucket")
    return failed(`There is no bucket "${bucket}".`, "Check its name and the endpoint.");
  if (code === "NoSuchKey" || (status === 404 && code === undefined))
    return failed(`There is no object "${key}" in the bucket "${bucket}".`, "Check the key; case matters.");
  if (status !== 401 && status !== 403)
    return code === undefined
      ? undefined
      : failed(
          `${source} cannot be read: S3 answers ${status} ${code}.`,
          "Look the code up in the manual of S3.",
        );
  const reason = code ?? "access denied";
  return isSigned
    ? failed(
        `${source} may not be read with these keys: ${reason}.`,
        "Check the keys, the region and the rights.",
      )
    : failed(
        `${source} may not be read without keys: ${reason}.`,
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.",
      );
}
