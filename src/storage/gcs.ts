import { json } from "node:stream/consumers";
import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import type { GcsAccount } from "./gcs-account.ts";
import { type Fetched, type FetchOptions, openUrl } from "./http.ts";

export interface GcsObject {
  readonly key: string;
  readonly bytes: number;
}

/** A client of Google Cloud Storage, over its JSON API. */
export interface Gcs {
  /** @throws AirCanError `scheme-error` (no such bucket or object, no access), and as `openUrl`. */
  readonly get: (bucket: string, key: string) => Promise<Fetched>;
  /** The objects whose names begin so, in the order of their names. @throws AirCanError as `get`. */
  readonly list: (bucket: string, prefix: string) => AsyncGenerator<GcsObject>;
}

export interface GcsOptions extends Omit<FetchOptions, "headers" | "explain"> {
  /** `https://storage.googleapis.com` unless told. */
  readonly endpoint?: string;
  /** Undefined: requests have no token, which public buckets allow. */
  readonly account?: GcsAccount;
}

const listing = z.object({
  items: z.array(z.object({ name: z.string(), size: z.coerce.number().default(0) })).default([]),
  nextPageToken: z.string().default(""),
});

/** Opens a client; nothing is asked before the first call. */
export function openGcs({ endpoint, account, ...fetching }: GcsOptions): Gcs {
  const root = `${(endpoint ?? "https://storage.googleapis.com").replace(/\/+$/, "")}/storage/v1/b`;
  const ask = (path: string, asked: Omit<Asked, "isKnown">) =>
    openUrl(`${root}/${path}`, {
      ...fetching,
      headers: async (): Promise<Record<string, string>> =>
        account ? { authorization: `Bearer ${await account.token(fetching)}` } : {},
      explain: (status, answer) => explained(status, answer, { ...asked, isKnown: account !== undefined }),
    });
  return {
    get: (bucket, key) =>
      ask(`${encodeURIComponent(bucket)}/o/${encodeURIComponent(key)}?alt=media`, { bucket, key }),
    list: async function* (bucket, prefix) {
      for (let token = ""; ; ) {
        const query = new URLSearchParams({ prefix, fields: "nextPageToken,items(name,size)" });
        if (token !== "") query.set("pageToken", token);
        const fetched = await ask(`${encodeURIComponent(bucket)}/o?${query}`, { bucket, key: prefix });
        const page = listing.parse(await json(fetched.body));
        for (const { name, size } of page.items) yield { key: name, bytes: size };
        token = page.nextPageToken;
        if (token === "") return;
      }
    },
  };
}

interface Asked {
  readonly bucket: string;
  readonly key: string;
  /** True if the request had a token. */
  readonly isKnown: boolean;
}

function explained(status: number, answer: string, { bucket, key, isKnown }: Asked): AirCanError | undefined {
  const source = `gs://${bucket}/${key}`;
  const failed = (message: string, hint: string) =>
    new AirCanError("scheme-error", message, { hint, where: { source, status } });
  if (status === 404)
    return failed(
      `There is no object "${key}" in the bucket "${bucket}", or no such bucket.`,
      "Check bucket and name; case matters.",
    );
  if (status === 401 || status === 403)
    return failed(
      `${source} may not be read ${isKnown ? "with this account" : "without an account"}.`,
      isKnown
        ? "Give the account the right to read the bucket."
        : "Set GOOGLE_APPLICATION_CREDENTIALS to the JSON file of a service account.",
    );
  const reason = /"message"\s*:\s*"([^"]+)"/.exec(answer)?.[1];
  return reason === undefined
    ? undefined
    : failed(`${source} cannot be read: ${reason}.`, "Check bucket and name.");
}
