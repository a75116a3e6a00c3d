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
