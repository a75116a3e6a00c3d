import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonOffset } from "./json-place.ts";
import { isJsonObject } from "./problem.ts";
import { parseDescriptor, placeOf, rememberCopy } from "./source-text.ts";

function read(source: string, text: string) {
  const parsed = parseDescriptor(source, text);
  if (!("value" in parsed) || !isJsonObject(parsed.value)) throw new Error("the text is an object");
  return parsed.value;
}

const json = `{
  "name": "towns",
  "resources": [
    { "name": "a", "path": "a.csv" },
    {
      "name": "b",
      "schema": {"fields": [{"name": "x, \\"y\\"", "type": "integr"}]}
    }
  ]
}`;
const yaml = `name: towns
resources:
  - name: a
    path: a.csv
  - name: b
    schema: &s
      fields:
        - { name: x, type: integr }
  - name: c
    schema: *s
`;

describe("the place of a part of a descriptor", () => {
  test.each<[string, string, string, [number, number]]>([
    ["p.json", json, "", [1, 1]],
    ["p.json", json, "/name", [2, 3]],
    ["p.json", json, "/resources", [3, 3]],
    ["p.json", json, "/resources/1", [5, 5]],
    ["p.json", json, "/resources/1/schema/fields/0/type", [7, 50]],
    ["p.json", json, "/resources/1/path", [5, 5]],
    ["p.json", json, "/resources/7", [3, 3]],
    ["p.yaml", yaml, "/resources/1/schema/fields/0/type", [8, 22]],
    ["p.yaml", yaml, "/resources/2/schema/fields/0/type", [8, 22]],
    ["p.yml", yaml, "/resources/0/path", [4, 5]],
    ["p.yml", yaml, "/resources/0/nothing", [3, 5]],
  ])("%s, case %#", (source, text, pointer, [line, column]) => {
    expect(placeOf(read(source, text), pointer)).toEqual({ source, line, column });
  });

  test("leads into the file that a property names", () => {
    const root = read("resource.json", '{"schema": "schema.json"}');
    const schema = read("schema.json", '{\n "fields": [\n  {"type": "x"}]}');
    const whole = rememberCopy(root, { ...root, schema });
    expect(placeOf(whole, "/schema/fields/0/type")).toEqual({ source: "schema.json", line: 3, column: 4 });
    expect(placeOf(whole, "/path")).toEqual({ source: "resource.json", line: 1, column: 1 });
  });

  test("is not known of what was read from no file", () => {
    expect(placeOf({ a: 1 }, "/a")).toBeUndefined();
  });
});

test("every value of any JSON is found where it stands", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0, 1, 2),
      (items, indent) => {
        const text = JSON.stringify(items, undefined, indent);
        for (const [i, item] of items.entries()) {
          const offset = jsonOffset(text, [String(i)]);
          const shown = JSON.stringify([item], undefined, indent);
          const body = shown
            .slice(1)
            .trimStart()
            .slice(0, 5)
            .replace(/\s*\]?$/, "");
          expect(text.slice(offset).startsWith(body)).toBe(true);
        }
      },
    ),
    { seed: 20261121 },
  );
});

describe("what is no descriptor says where", () => {
  test.each<[string, string, string, [number, number] | undefined]>([
    ["a.json", '{\n  "a": 1,\n}', "Expected double-quoted property name", [3, 1]],
    ["a.json", '{"a": [1, 2', "Expected ',' or ']' after array element", [1, 12]],
    ["a.json", "", "Unexpected end of JSON input", [1, 1]],
    [
      "a.yaml",
      "a: 1\nb: [1\n",
      "Flow sequence in block collection must be sufficiently indented and end with a ]",
      [3, 1],
    ],
  ])("%s %j", (source, text, message, at) => {
    const place = at && { source, line: at[0], column: at[1] };
    expect(parseDescriptor(source, text)).toEqual({ message: expect.stringContaining(message), place });
  });
});

test.each<[string, string, string]>([
  ["a.json", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, "it is nested more than 100 levels deep"],
  [
    "a.yaml",
    "a: &a [1]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c]\n",
    "Excessive alias count",
  ],
])("%s that would exhaust its reader is refused", (source, text, message) => {
  expect(parseDescriptor(source, text)).toEqual({
    message: expect.stringContaining(message),
    place: undefined,
  });
});
