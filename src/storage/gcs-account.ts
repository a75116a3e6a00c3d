import { createSign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { AirCanError, messageOf } from "../base/errors.ts";
import { postForJson } from "./http.ts";
import type { RequestOptions } from "./http-request.ts";

/** Who asks Google. Gives a token for an hour, a new one when it is about to end. */
export interface GcsAccount {
  readonly token: (options: RequestOptions) => Promise<string>;
}

const scope = "https://www.googleapis.com/auth/devstorage.read_only";
const account = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("service_account"),
    client_email: z.string(),
    private_key: z.string(),
    token_uri: z.url().default("https://oauth2.googleapis.com/token"),
  }),
  z.object({
    type: z.literal("authorized_user"),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
    token_uri: z.url().default("https://oauth2.googleapis.com/token"),
  }),
]);

/** The JSON file of an account, as Google gives it. */
export type AccountFile = z.output<typeof account>;

const answered = z.object({ access_token: z.string(), expires_in: z.number().default(3600) });

/** Milliseconds before its end at which a token is renewed. */
const margin = 300_000;

/**
 * The account of this machine: the JSON file that `GOOGLE_APPLICATION_CREDENTIALS` names, else the one that
 * `gcloud auth application-default login` leaves; undefined without either.
 *
 * @throws AirCanError `config-error` if the file cannot be read or is of another kind.
 */
export async function readGcsAccount(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<GcsAccount | undefined> {
  const told = env.GOOGLE_APPLICATION_CREDENTIALS;
  const usual = join(env.HOME ?? homedir(), ".config", "gcloud", "application_default_credentials.json");
  const path = told || usual;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (!told) return undefined;
    throw new AirCanError("config-error", `The account in ${path} cannot be read: ${messageOf(error)}.`, {
      hint: "Correct GOOGLE_APPLICATION_CREDENTIALS.",
      cause: error,
    });
  });
  return text === undefined ? undefined : openAccount(parseAccount(text, path));
}

function parseAccount(text: string, path: string): AccountFile {
  try {
    return account.parse(JSON.parse(text));
  } catch (error) {
    throw new AirCanError("config-error", `${path} holds no service account and no user of Google.`, {
      hint: "Make a key of a service account, as JSON.",
      cause: error,
    });
  }
}

/** An account whose tokens are asked for with a signed claim (RFC 7523), or with a user's refresh token. */
export function openAccount(file: AccountFile): GcsAccount {
  let known: { readonly token: string; readonly ends: number } | undefined;
  return {
    token: async (options) => {
      if (known && Date.now() < known.ends - margin) return known.token;
      const answer = await postForJson(file.token_uri, {
        signal: options.signal,
        allowPrivate: options.allowPrivate,
        body: new URLSearchParams(grantOf(file)).toString(),
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
      const { success, data } = answered.safeParse(answer);
      if (!success) throw new AirCanError("scheme-error", `${file.token_uri} gave no token.`);
      known = { token: data.access_token, ends: Date.now() + data.expires_in * 1000 };
      return known.token;
    },
  };
}

function grantOf(file: AccountFile): Record<string, string> {
  if (file.type === "service_account")
    return { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: claimOf(file) };
  const { client_id, client_secret, refresh_token } = file;
  return { grant_type: "refresh_token", client_id, client_secret, refresh_token };
}

function claimOf({
  client_email,
  private_key,
  token_uri,
}: AccountFile & { type: "service_account" }): string {
  const now = Math.floor(Date.now() / 1000);
  const claim = { iss: client_email, scope, aud: token_uri, iat: now, exp: now + 3600 };
  const encoded = [{ alg: "RS256", typ: "JWT" }, claim].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const text = encoded.join(".");
  return `${text}.${createSign("RSA-SHA256").update(text).sign(private_key, "base64url")}`;
}
