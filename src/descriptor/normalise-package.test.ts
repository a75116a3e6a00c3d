import { expect, test } from "vitest";
import { normalisePackage } from "./normalise-package.ts";

const address = "https://datapackage.org/profiles/2.0/datapackage.json";

test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
  ["version 2", { name: "p", $schema: address }, { name: "p", $schema: address }, []],
  [
    "a profile of the standard",
    { name: "p", profile: "tabular-data-package" },
    { $schema: address, name: "p" },
    ["/profile"],
  ],
  [
    "a profile of others",
    { profile: "https://example.org/profile.json" },
    { $schema: "https://example.org/profile.json" },
    ["/profile"],
  ],
  ["a profile that is a word", { profile: "fiscal" }, { profile: "fiscal" }, []],
  [
    "roles of contributors",
    { contributors: [{ title: "A", role: "author" }, { title: "B" }, { title: "C", roles: ["editor"] }] },
    { contributors: [{ title: "A", roles: ["author"] }, { title: "B" }, { title: "C", roles: ["editor"] }] },
    ["/contributors/0/role"],
  ],
  ["missing values", { name: "p", missingValues: ["-"] }, { name: "p" }, ["/missingValues"]],
])("%s", (_, written, expected, changed) => {
  const { aircan, ...found } = normalisePackage(written);
  expect(found).toEqual(expected);
  const changes = changed.map((pointer) => ({ pointer, text: expect.any(String) }));
  expect(aircan).toEqual(changes.length === 0 ? undefined : { changes });
});
