import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import { createDuckDBEngine } from "./engine.ts";
import { loadCsv, planOf } from "./testing.ts";

const gone = new Error("the database is gone");

test.each<[when: string, leave: (stream: Readable) => void]>([
  ["before the pipe is there", (stream) => stream.destroy(gone)],
  ["before the engine has opened the pipe", (stream) => stream.once("pipe", () => stream.destroy(gone))],
])(
  "a reader that leaves %s ends the copy",
  async (_, leave) => {
    const relation = loadCsv("a,1\nb,2\n", [
      { name: "text", type: "string" },
      { name: "n", type: "integer" },
    ]);
    const plan = planOf({ data: relation }, async (run) => {
      const { stream, done } = run.copyToPostgres(relation);
      leave(stream.on("error", () => {}));
      await done;
    });
    await expect(createDuckDBEngine().run(plan)).rejects.toThrow("the database is gone");
  },
  20_000,
);
