import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { checksPage } from "../src/checks/describe-check.ts";
import { fileFormats } from "../src/cli/write-file.ts";
import { processorHelp } from "../src/flow/describe/help.ts";
import { flowSchema } from "../src/flow/describe/json-schema.ts";
import { processorsPage } from "../src/flow/describe/markdown.ts";
import { processors } from "../src/processors/registry.ts";
import { formatsPage } from "../src/reading/formats/formats-page.ts";
import { formats } from "../src/reading/formats/registry.ts";

test("the reference page says what the definitions say (npm run docs writes it)", async () => {
  const page = await readFile(new URL("../docs/reference/processors.md", import.meta.url), "utf8");
  expect(page).toBe(processorsPage(processors));
});

test("the page of checks says what their definitions say (npm run docs writes it)", async () => {
  const page = await readFile(new URL("../docs/reference/checks.md", import.meta.url), "utf8");
  expect(page).toBe(checksPage());
});

test("the page of formats says what their definitions say (npm run docs writes it)", async () => {
  const page = await readFile(new URL("../docs/reference/formats.md", import.meta.url), "utf8");
  expect(page).toBe(formatsPage(formats, Object.keys(fileFormats)));
});

test("every option of every processor is described", () => {
  for (const definition of Object.values(processors)) {
    expect(processorHelp(definition), definition.name).not.toMatch(/\)\n {6}(\n|$)/);
  }
});

test("the JSON Schema of a flow names every processor", () => {
  const text = JSON.stringify(flowSchema(processors));
  for (const name of Object.keys(processors)) expect(text).toContain(`"required":["${name}"]`);
});
