import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../descriptor/problem.ts";
import { failure, serve } from "../storage/test-http.ts";
import { readDescriptor, withReferences } from "./read-descriptor.ts";

const folder = mkdtempSync(join(tmpdir(), "aircan-descriptor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = { fields: [{ name: "a", type: "integer" }] };

/** The resource of a fetched package, whose schema stands where told. */
async function fetched(schemaAt: (own: string) => string, trusted: boolean): Promise<JsonObject> {
  const url = await serve((request, response) => {
    const resources = [{ name: "a", path: "a.csv", schema: schemaAt(url) }];
    response.end(JSON.stringify(request.url === "/datapackage.json" ? { resources } : schema));
  });
  const context = {
    ...{ folder, temporaryFolder: mkdtempSync(join(folder, "test-")) },
    ...{ trusted, allowPrivate: true, allowLocal: true, signal: AbortSignal.timeout(20_000) },
  };
  const read = await readDescriptor(`${url}/datapackage.json`, context);
  const [resource]: unknown[] = Array.isArray(read.descriptor.resources) ? read.descriptor.resources : [];
  return withReferences(isJsonObject(resource) ? resource : {}, read);
}

const beside = () => "schemas/a.json";
const sameHost = (own: string) => `${own}/b.json`;
const otherHost = (own: string) => `${own.replace("127.0.0.1", "localhost")}/b.json`;

test.each<[string, (own: string) => string, boolean]>([
  ["below itself", beside, false],
  ["of its own host", sameHost, false],
  ["of another private host, if it is trusted", otherHost, true],
])("a fetched descriptor may name what is %s", async (_, at, trusted) => {
  expect(await fetched(at, trusted)).toMatchObject({ schema });
});

test("a fetched descriptor may not look around in private networks", async () => {
  expect(await failure(fetched(otherHost, false))).toMatch(
    /^schema-error: .*localhost is an address in a private network/,
  );
});
