import { createHash, createHmac } from "node:crypto";

/** Keys of an account of S3. */
export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Signing {
  readonly keys: S3Keys;
  readonly region: string;
  readonly method?: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Further headers that are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly now?: Date;
}

const emptyHash = createHash("sha256").digest("hex");

/**
 * The headers that sign a request without a body for S3: AWS Signature Version 4. The path of the URL is
 * encoded already, as by `encodeKey`.
 */
export function signS3(url: URL, { keys, region, method = "GET", headers = {}, now }: Signing) {
  const time = (now ?? new Date()).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const own: Record<string, string> = {
    "x-amz-content-sha256": emptyHash,
    "x-amz-date": time,
    ...(keys.sessionToken ? { "x-amz-security-token": keys.sessionToken } : {}),
  };
  const signed = Object.entries({ ...headers, ...own, host: url.host }).sort(byName);
  const names = signed.map(([name]) => name).join(";");
  const query = [...url.searchParams].sort(byName).map((pair) => pair.map(encodePart).join("="));
  const lines = signed.map(([name, value]) => `${name}:${value.trim()}\n`).join("");
  const canonical = [method, url.pathname, query.join("&"), lines, names, emptyHash].join("\n");
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`);
  const signature = Buffer.from(hmac(key, text)).toString("hex");
  const credential = `Credential=${keys.accessKeyId}/${scope}`;
  return {
    ...own,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]) =>
  a < b ? -1 : a > b ? 1 : 0;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** Encodes all but unreserved characters (RFC 3986), as signatures want it. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The key of an object as the path of a URL, without the first slash. */
export const encodeKey = (key: string): string => key.split("/").map(encodePart).join("/");
