import { expect, test } from "vitest";
import { jsonSchemaProblem, jsonSchemaTest } from "./json-schema.ts";

const point = {
  type: "object",
  required: ["x"],
  properties: { x: { type: "number" } },
  additionalProperties: false,
};

test.each<[Readonly<Record<string, unknown>>, unknown, string | undefined]>([
  [point, { x: 1 }, undefined],
  [point, { x: "1" }, "/x must be number"],
  [point, {}, "must have required property 'x'"],
  [point, { x: 1, y: 2 }, 'must NOT have additional properties ("y")'],
  [
    { type: "array", items: { enum: ["a", "b"] } },
    ["a", "c"],
    '/1 must be equal to one of the allowed values (["a","b"])',
  ],
  [
    { $schema: "http://json-schema.org/draft-07/schema#", type: "array", minItems: 2 },
    [1],
    "must NOT have fewer than 2 items",
  ],
  [
    { $schema: "https://json-schema.org/draft/2020-12/schema", prefixItems: [{ type: "string" }] },
    [1],
    "/0 must be string",
  ],
  [
    { type: "array", items: { pattern: "^(a+)+$" } },
    [`${"a".repeat(40)}!`],
    '/0 must match pattern "^(a+)+$"',
  ],
  [{ type: "object", format: "textarea", unknownWord: 1 }, {}, undefined],
])("%j says of %j: %s", (schema, value, expected) => {
  expect(jsonSchemaTest(schema)(value)).toBe(expected);
});

test.each<[Readonly<Record<string, unknown>>, string]>([
  [{ type: "objekt" }, "The JSON Schema cannot be used: schema is invalid"],
  [{ $ref: "https://example.org/other.json" }, "The JSON Schema cannot be used: can't resolve reference"],
  [{ pattern: "(?=a)" }, "The JSON Schema cannot be used"],
  [{ enum: ["x".repeat(200_000)] }, "The JSON Schema has more than 100000 characters."],
])("%.60j cannot be used", (schema, expected) => {
  expect(jsonSchemaProblem(schema)).toContain(expected);
});
