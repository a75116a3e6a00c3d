import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnNamesOf, maxNameBytes, tableNameOf } from "./column-names.ts";

describe("columnNamesOf", () => {
  test.each<[string, string[], string[]]>([
    ["leaves good names alone", ["id", "Name", "naïve 経度"], ["id", "Name", "naïve 経度"]],
    ["trims and joins blanks", ["  a \t b\n", "\u00a0c"], ["a b", "c"]],
    ["takes double quotes out", ['say "hi"'], ["say 'hi'"]],
    ["keeps SQL as text", ["a; drop table x--"], ["a; drop table x--"]],
    ["numbers duplicates", ["a", "a", "a"], ["a", "a_2", "a_3"]],
    ["leaves a column its own name", ["a", "a", "a_2"], ["a", "a_3", "a_2"]],
    ["takes capitals for the same", ["Name", "NAME", "name"], ["Name", "NAME_2", "name_3"]],
    ["names empty labels by their place", ["", " ", "x"], ["field1", "field2", "x"]],
    [
      "frees the names that are taken",
      ["_id", "ctid", "TableOID", "j", "__"],
      ["id", "ctid_", "TableOID_", "j_", "field5"],
    ],
    ["keeps emoji", ["😀"], ["😀"]],
    ["replaces half a character", ["a\ud83d"], ["a\ufffd"]],
    ["takes composed and decomposed letters for the same", ["é", "e\u0301"], ["é", "é_2"]],
  ])("%s", (_, labels, names) => {
    expect(columnNamesOf(labels)).toEqual(names);
  });

  test("cuts long names at a character, with a suffix that depends on the whole label only", () => {
    const long = "é".repeat(100);
    const [first, other] = columnNamesOf([long, `${long}x`]);
    expect(first).toMatch(/^é{27}_[0-9a-f]{8}$/);
    expect(other).toMatch(/^é{27}_[0-9a-f]{8}$/);
    expect(first).not.toBe(other);
    expect(columnNamesOf(["x", long])[1]).toBe(first);
  });

  test("cuts emoji of several code units whole", () => {
    expect(columnNamesOf(["😀".repeat(20)])[0]).toMatch(/^(?:😀){13}_[0-9a-f]{8}$/u);
  });

  test("gives unique names within 63 bytes for any labels, and the same names again for its own names", () => {
    const label = fc.oneof(
      fc.string({ unit: "binary", maxLength: 90 }),
      fc.constantFrom("a", "A", "a_2", "", "_id", "é".repeat(40)),
    );
    fc.assert(
      fc.property(fc.array(label, { maxLength: 30 }), (labels) => {
        const names = columnNamesOf(labels);
        expect(names).toHaveLength(labels.length);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(labels.length);
        for (const name of names) {
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(maxNameBytes);
          expect(name).toMatch(/^[^_\s"\p{Cc}]/u);
          expect(name.trim()).toBe(name);
        }
        expect(columnNamesOf(names)).toEqual(names);
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });
});

describe("tableNameOf", () => {
  test.each<[string, string]>([
    ["cities", "cities"],
    ["_aircan", "aircan"],
    ["", "data"],
    ["München 2026", "München 2026"],
    ['x"; drop table y', "x'; drop table y"],
  ])("%j becomes %j", (label, name) => {
    expect(tableNameOf(label)).toBe(name);
  });

  test("cuts at 63 bytes", () => {
    expect(Buffer.byteLength(tableNameOf("ø".repeat(200)))).toBeLessThanOrEqual(maxNameBytes);
  });
});
