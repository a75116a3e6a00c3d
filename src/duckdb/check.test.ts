import { expect, test } from "vitest";
import type { Field } from "../descriptor/types.ts";
import { check } from "../plan/build.ts";
import { createDuckDBEngine } from "./engine.ts";
import { at, loadCsv, planOf } from "./testing.ts";

const fields: readonly Field[] = [
  { name: "id", type: "integer" },
  { name: "color", type: "string", categories: ["red", { value: "green", label: "Green" }] },
];
const body = "1,red\n2,blue\n1,red\n,green\n,green\n";

test.each([
  ["categories", {}, [[3, "color", "category-error"]]],
  [
    "a primary key",
    { primaryKey: ["id"] },
    [
      [3, "color", "category-error"],
      [4, "id", "primary-key"],
      [5, "id", "primary-key"],
      [6, "id", "primary-key"],
    ],
  ],
  [
    "unique keys, which may be empty",
    { uniqueKeys: [["id", "color"]] },
    [
      [3, "color", "category-error"],
      [4, null, "unique-key"],
    ],
  ],
])("rows are tested by %s of their schema", async (_, more, expected) => {
  const typed = loadCsv(body, fields);
  const schema = { ...typed.schema, fields, ...more };
  const policy = { onError: "report", resource: "data" } as const;
  const relation = { ...check(typed, policy, at), schema };
  const { errors } = await createDuckDBEngine().run(planOf({ data: relation }));
  expect(errors.map(({ row, field, code }) => [row, field, code])).toEqual(expected);
});

test("cells that are refused below a repeated key are found, too, where the key alone was read before", async () => {
  const typed = loadCsv(
    "1,red\nx,blue\n3,red\n",
    [
      { name: "id", type: "integer" },
      { name: "color", type: "string" },
    ],
    { onError: "report" },
  );
  const constrained: readonly Field[] = [
    { name: "id", type: "integer", constraints: { minimum: 1 } },
    { name: "color", type: "string", constraints: { unique: true } },
  ];
  const policy = { onError: "report", resource: "data" } as const;
  const relation = { ...check(typed, policy, at), schema: { ...typed.schema, fields: constrained } };
  const { errors } = await createDuckDBEngine().run(planOf({ data: relation }));
  expect(errors.map(({ row, field, code }) => [row, field, code])).toEqual([
    [3, "id", "type-error"],
    [4, "color", "unique-error"],
  ]);
});
