import { describe, expect, it } from "vitest";
import { paramsOf, presetText, readParam } from "./params-schema.ts";

const params = paramsOf({
  day: { type: "string", description: "Such as 2026-01-31.", required: true },
  mode: { enum: ["replace", "append"], default: "replace" },
  limit: { type: "integer", default: 100 },
  ratio: { type: ["number", "null"] },
  dry: { type: "boolean", default: false },
  resource: { type: "object", required: ["path"] },
  key: { type: "array", items: { type: "string" }, default: ["id", "year"] },
});

it("makes a field of each parameter", () => {
  expect(params.map(({ name, kind, required }) => [name, kind, required])).toEqual([
    ["day", "text", true],
    ["mode", "choice", false],
    ["limit", "number", false],
    ["ratio", "number", false],
    ["dry", "boolean", false],
    ["resource", "json", true],
    ["key", "list", false],
  ]);
});

it("fills the fields with the defaults", () => {
  expect(params.map(presetText)).toEqual(["", "replace", "100", "", "false", "", "id, year"]);
});

describe("readParam", () => {
  it.each([
    ["day", "2026-01-31", "2026-01-31"],
    ["day", "", undefined],
    ["mode", "append", "append"],
    ["limit", "7", 7],
    ["ratio", "", undefined],
    ["dry", "true", true],
    ["dry", "false", false],
    ["resource", '{"name":"a"}', { name: "a" }],
    ["key", "id, , city ", ["id", "city"]],
  ])("reads %s from %s", (name, text, value) => {
    const param = params.find((known) => known.name === name);
    expect(param && readParam(param, text)).toEqual(value);
  });

  it("refuses JSON that is none", () => {
    const resource = params.find((known) => known.name === "resource");
    expect(() => resource && readParam(resource, "{")).toThrow(SyntaxError);
  });
});
