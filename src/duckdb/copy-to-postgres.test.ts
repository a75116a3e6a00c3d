import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createDuckDBEngine } from "./engine.ts";
import { loadCsv, planOf } from "./testing.ts";

const engine = createDuckDBEngine();
const fields = [
  { name: "id", type: "integer" },
  { name: "name", type: "string" },
] as const;

/** The bytes that PostgreSQL would get. */
async function copied(body: string, onError: "fail" | "drop"): Promise<string> {
  const relation = loadCsv(body, fields, { onError });
  let bytes = "";
  await engine.run(
    planOf({ data: relation }, async (run) => {
      const { stream, done } = run.copyToPostgres(relation);
      bytes = await text(stream);
      await done;
    }),
  );
  return bytes;
}

test("a NUL character, which PostgreSQL does not take, is an error of its row", async () => {
  await expect(copied("1,x\0y\n2,z\n", "fail")).rejects.toMatchObject({
    code: "data-error",
    where: { row: 2 },
    details: { counts: { "null-byte": 1 } },
  });
});

test("a row with a NUL character is left out where bad rows are", async () => {
  expect(await copied("1,x\0y\n2,z\n", "drop")).toBe("2,z\n");
});
