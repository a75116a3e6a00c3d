import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonParts } from "./json-parts.ts";
import { JsonScanner } from "./json-scanner.ts";

async function* cutIn(text: string, length: number): AsyncGenerator<Buffer> {
  const data = Buffer.from(text);
  for (let at = 0; at < data.length; at += length) yield data.subarray(at, at + length);
}

/** The items of the list at a path, as they are written. */
async function itemsOf(text: string, path: readonly string[], length: number): Promise<string[]> {
  const scanner = new JsonScanner(cutIn(text, length), "data.json");
  const found: string[] = [];
  const items = scanner.items({
    choose: (at) =>
      at.length < path.length && at.every((key, i) => key === path[i])
        ? "enter"
        : JSON.stringify(at) === JSON.stringify(path)
          ? "each"
          : "skip",
  });
  for await (const batch of items) found.push(...batch.map((item) => item.text.toString()));
  return found;
}

const seed = 20261121;
const rows = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 8 });
const spaces = fc.constantFrom(undefined, 1, "\t");

describe("items of a list are given as they are written, wherever the pieces of the file are cut", () => {
  test("in a document around it", async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.jsonValue(),
        spaces,
        fc.integer({ min: 1, max: 40 }),
        async (list, other, space, length) => {
          const text = JSON.stringify({ other, a: { b: list }, "a/b": other }, null, space);
          const items = await itemsOf(text, ["a", "b"], length);
          expect(items.map((item) => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(list)));
          expect(items.every((item) => text.includes(item))).toBe(true);
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  test("and so are the parts of a value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), spaces, (object, space) => {
        const parts = jsonParts(JSON.stringify(object, null, space));
        const read = parts.map(({ key, text }) => [key, JSON.parse(text)]);
        expect(read).toEqual(Object.entries(JSON.parse(JSON.stringify(object))));
      }),
      { seed, numRuns: 300 },
    );
  });

  test("and a document that is cut off is an error", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), fc.integer({ min: 1, max: 40 }), async (list, place, length) => {
        const text = JSON.stringify({ a: { b: list } });
        const end = 1 + (place % (text.length - 1));
        const read = itemsOf(text.slice(0, end), ["a", "b"], length);
        await expect(read).rejects.toMatchObject({ code: "format-error" });
      }),
      { seed, numRuns: 200 },
    );
  });
});
