import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { flow, load } from "aircan";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/library/temporary-folder.ts";

test("fields of a schema that differ only in case are refused in words", async () => {
  const path = join(await temporaryFolder(), "data.csv");
  await writeFile(path, "ID,id\n1,2\n");
  const fields = ["ID", "id"].map((name) => ({ name, type: "integer" }));
  await expect(flow(load(path, { schema: { fields } })).results()).rejects.toMatchObject({
    code: "config-error",
    message: 'Two fields are called "id" but for their case, which cannot be told apart.',
  });
});
