import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { errorsPage } from "../scripts/errors-page.ts";
import { catalogue } from "../src/base/catalogue.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter(
    (path) => path.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(path) && path !== join("base", "catalogue.ts"),
  )
  .map((path) => readFileSync(join(root, "src", path), "utf8"))
  .join("\n");

/** Codes that stand in the source as a text: thrown, or given to a finding in data. */
function codesIn(text: string, codes: readonly string[]): string[] {
  return codes.filter((code) => new RegExp(`["'\`]${code}["'\`]|^\\s*${code}:`, "m").test(text));
}

/** Codes that the source gives to AirCanError directly. */
function thrownCodes(text: string): string[] {
  return Array.from(text.matchAll(/new AirCanError\(\s*"([^"]+)"/g), (match) => match[1] ?? "");
}

function unknownCodes(text: string): string[] {
  return [...new Set(thrownCodes(text))].filter((code) => !(code in catalogue));
}

test("docs/errors.md is what the catalogue generates", () => {
  expect(readFileSync(join(root, "docs/errors.md"), "utf8")).toBe(errorsPage(catalogue));
});

test("every code of the catalogue is used by the source", () => {
  const codes = Object.keys(catalogue);
  expect(codesIn(sources, codes)).toEqual(codes);
});

test("every code that the source throws stands in the catalogue", () => {
  expect(unknownCodes(sources)).toEqual([]);
});

test("the catalogue's tests can fail", () => {
  expect(codesIn('throw new AirCanError("timeout", "…")', ["timeout", "never-thrown"])).toEqual(["timeout"]);
  expect(unknownCodes('throw new AirCanError(\n  "invented", "…")')).toEqual(["invented"]);
  expect(errorsPage({ invented: catalogue.bug })).not.toBe(errorsPage(catalogue));
});
