import { expect, test } from "vitest";
import { checkParams, checkSchemas } from "./params.ts";
import type { DagDefinition } from "./task.ts";

const dag = (params: Record<string, unknown>): DagDefinition => ({
  dag: "d",
  tasks: { a: { kind: "k" } },
  params,
});
const params = {
  day: { type: "string", format: "date", required: true },
  most: { type: "integer", minimum: 1, default: 10 },
  place: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

test("defaults are filled in, and what no schema names is passed on", () => {
  const place = { city: "Oslo" };
  expect(checkParams(dag(params), { day: "2026-01-31", place, more: [1] })).toEqual({
    day: "2026-01-31",
    most: 10,
    place,
    more: [1],
  });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ["a missing one", {}, /"day" of "d": it is missing/],
  ["one of the wrong type", { day: "2026-01-31", most: "ten" }, /"most" of "d"/],
  ["one out of bounds", { day: "2026-01-31", most: 0 }, /"most" of "d"/],
  ["a missing object with required parts", { day: "2026-01-31" }, /"place" of "d": it is missing/],
  ["a missing property inside", { day: "2026-01-31", place: {} }, /"place.city" of "d"/],
])("%s is refused by name, with the known ones", (_, conf, message) => {
  const refused = expect(() => checkParams(dag(params), conf));
  refused.toThrow(expect.objectContaining({ code: "params-error", message: expect.stringMatching(message) }));
  refused.toThrow(/Known parameters: day, most, place/);
});

test.each([["string"], [{ type: "strin" }], [null], [["string"]]])(
  "%j is no schema of a parameter",
  (schema) => {
    expect(() => checkSchemas(dag({ day: schema }))).toThrow(expect.objectContaining({ code: "dag-error" }));
    expect(() => checkSchemas(dag(params))).not.toThrow();
  },
);
