import { createVerify, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { readGcsAccount } from "./gcs-account.ts";
import { failure, serve } from "./test-http.ts";

const options = { allowPrivate: true, signal: AbortSignal.timeout(5000) };

async function fileOf(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-account-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "account.json");
  await writeFile(path, content);
  return path;
}

/** A server that gives tokens, and what it was asked. */
async function tokens(expiresIn: number) {
  const asked: URLSearchParams[] = [];
  const url = await serve(async (request, response) => {
    asked.push(new URLSearchParams(await text(request)));
    const answer = { access_token: `token ${asked.length}`, expires_in: expiresIn };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  return { asked, url: `${url}/token` };
}

test("a service account signs its claim, and asks again only when the token ends", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { asked, url } = await tokens(3600);
  const path = await fileOf(
    JSON.stringify({
      type: "service_account",
      client_email: "reader@example.iam.gserviceaccount.com",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
      token_uri: url,
    }),
  );
  const account = await readGcsAccount({ GOOGLE_APPLICATION_CREDENTIALS: path });
  expect([await account?.token(options), await account?.token(options)]).toEqual(["token 1", "token 1"]);
  const [head = "", claim = "", signature = ""] = (asked[0]?.get("assertion") ?? "").split(".");
  const verify = createVerify("RSA-SHA256").update(`${head}.${claim}`);
  expect(verify.verify(publicKey, signature, "base64url")).toBe(true);
  expect(JSON.parse(Buffer.from(claim, "base64url").toString())).toMatchObject({
    iss: "reader@example.iam.gserviceaccount.com",
    scope: "https://www.googleapis.com/auth/devstorage.read_only",
    aud: url,
  });
});

test("a user's refresh token is changed for a token, each time that one is about to end", async () => {
  const { asked, url } = await tokens(10);
  const user = { type: "authorized_user", client_id: "i", client_secret: "s", refresh_token: "r" };
  const path = await fileOf(JSON.stringify({ ...user, token_uri: url }));
  const account = await readGcsAccount({ GOOGLE_APPLICATION_CREDENTIALS: path });
  expect([await account?.token(options), await account?.token(options)]).toEqual(["token 1", "token 2"]);
  expect(String(asked[0])).toBe("grant_type=refresh_token&client_id=i&client_secret=s&refresh_token=r");
});

test("without an account there is none", async () => {
  expect(await readGcsAccount({ HOME: "/nonexistent" })).toBeUndefined();
});

test.each([
  ["no JSON", "{"],
  ["another kind of account", '{"type": "external_account"}'],
])("a file that is %s is an error", async (_, content) => {
  const reading = readGcsAccount({ GOOGLE_APPLICATION_CREDENTIALS: await fileOf(content) });
  expect(await failure(reading)).toMatch(
    /^config-error: .* holds no service account and no user of Google\.$/,
  );
});
