import { describe, expect, test } from "vitest";
import { processors } from "../processors/registry.ts";
import { runExample } from "./run-example.ts";

/** Processors that hold code or files: their own tests show them. */
const withoutExamples = ["dump_to_path", "dump_to_sql", "load", "pkg", "row", "rows"];

describe("every example of every processor does what it says", () => {
  const examples = Object.values(processors).flatMap((definition) =>
    definition.examples.map((example) => ({
      name: `${definition.name}: ${example.title}`,
      definition,
      example,
    })),
  );
  test.each(examples)("$name", async ({ definition, example }) => {
    expect(await runExample(definition, example)).toEqual(example.output);
  });
});

test("a processor without examples says so here", () => {
  const bare = Object.values(processors)
    .filter(({ examples }) => examples.length === 0)
    .map(({ name }) => name);
  expect(bare.sort()).toEqual(withoutExamples);
});

test("an example that is wrong is found out", async () => {
  const { filter_rows } = processors;
  if (!filter_rows) throw new Error("filter_rows is gone");
  expect(
    await runExample(filter_rows, {
      title: "",
      input: { t: [{ a: 1 }] },
      config: { where: "a > 1" },
      output: {},
    }),
  ).toEqual({ t: [] });
});
