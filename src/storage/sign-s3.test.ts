import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openS3 } from "./s3.ts";
import { readS3Settings } from "./s3-settings.ts";
import { encodeKey, signS3 } from "./sign-s3.ts";
import { failure, serve } from "./test-http.ts";

const keys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** The examples of "Signature Calculations for the Authorization Header" in the API reference of S3. */
test.each([
  [
    "an object",
    "https://examplebucket.s3.amazonaws.com/test.txt",
    { range: "bytes=0-9" },
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  ],
  [
    "a subresource",
    "https://examplebucket.s3.amazonaws.com/?lifecycle",
    {},
    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  ],
  [
    "a list",
    "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
    {},
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  ],
])("a request for %s is signed as Amazon shows it", (_, url, headers, signature) => {
  const now = new Date("2013-05-24T00:00:00Z");
  const { authorization } = signS3(new URL(url), { keys, region: "us-east-1", headers, now });
  expect(authorization).toMatch(new RegExp(`Signature=${signature}$`));
});

test("keys are encoded but for their slashes", () => {
  expect(encodeKey("a b/ü+(1)*.csv")).toBe("a%20b/%C3%BC%2B%281%29%2A.csv");
});

async function home(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-home-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, ".aws"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, ".aws", name), text);
  return folder;
}

const credentials = `[default]
aws_access_key_id = one
aws_secret_access_key = two=2

[other]
aws_access_key_id=three
aws_secret_access_key=four
aws_session_token=five
`;
const config = `[default]
region = eu-west-1
[profile other]
region = eu-north-1
s3 =
    endpoint_url = nested
endpoint_url = https://s3.example.org
[profile sso]
sso_session = x
`;

test.each<[string, Record<string, string>, object]>([
  [
    "the default profile",
    {},
    { region: "eu-west-1", keys: { accessKeyId: "one", secretAccessKey: "two=2" } },
  ],
  [
    "a named profile",
    { AWS_PROFILE: "other" },
    {
      region: "eu-north-1",
      endpoint: "https://s3.example.org",
      keys: { accessKeyId: "three", secretAccessKey: "four", sessionToken: "five" },
    },
  ],
  [
    "the environment",
    { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_REGION: "x", AIRCAN_S3_ENDPOINT: "http://own" },
    { region: "x", endpoint: "http://own", keys: { accessKeyId: "a", secretAccessKey: "b" } },
  ],
])("settings come from %s", async (_, variables, expected) => {
  expect(await readS3Settings({ HOME: await home({ credentials, config }), ...variables })).toEqual(expected);
});

test("without any settings nothing is signed", async () => {
  expect(await readS3Settings({ HOME: await home({}) })).toEqual({ region: "us-east-1" });
});

test("a profile without keys is an error that says how to get some", async () => {
  const reading = readS3Settings({ HOME: await home({ credentials, config }), AWS_PROFILE: "sso" });
  expect(await failure(reading)).toBe('config-error: The AWS profile "sso" has no keys of its own.');
});

test("a region that would lead to another host is refused", async () => {
  const region = "x.example.org/";
  const client = openS3({ keys, region, allowPrivate: false, signal: AbortSignal.timeout(5000) });
  expect(await failure(client.get("bucket", "a.csv"))).toBe(`config-error: "${region}" is no region of S3.`);
});

test("a bucket in another region is asked for there", async () => {
  const regions: string[] = [];
  const endpoint = await serve((request, response) => {
    const region = /\/([\w-]+)\/s3\/aws4_request/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    regions.push(region);
    if (region === "eu-north-1") response.end("a\n1\n");
    else
      response
        .writeHead(400, { "x-amz-bucket-region": "eu-north-1" })
        .end("<Error><Code>AuthorizationHeaderMalformed</Code></Error>");
  });
  const client = openS3({
    endpoint,
    keys,
    region: "us-east-1",
    allowPrivate: true,
    signal: AbortSignal.timeout(5000),
  });
  await client.get("bucket", "a.csv");
  await client.get("bucket", "b.csv");
  expect(regions).toEqual(["us-east-1", "eu-north-1", "eu-north-1"]);
});
