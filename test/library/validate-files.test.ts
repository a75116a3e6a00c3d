import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CustomCheck, validateFiles } from "aircan";
import { expect, test } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const evenIds: CustomCheck = {
  name: "even-ids",
  begin: () => ({
    row: ({ values: { id } }) =>
      typeof id === "number" && id % 2 === 1 ? { message: `${id} is odd.`, field: "id" } : undefined,
  }),
};

test("files are tested with checks of the catalogue and one's own", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "a.csv"), "id,name\n2,x\n3,y\n2,x\n,\n");
  const report = await validateFiles("a.csv", {
    folder,
    checks: [{ type: "duplicate-row" }, evenIds],
    skipErrors: ["blank-row"],
  });
  const found = report.tasks.flatMap(({ errors }) => errors.map(({ rowNumber, type }) => [rowNumber, type]));
  expect(found).toEqual([
    [3, "even-ids"],
    [4, "duplicate-row"],
  ]);
});

test("a check that is not known is refused", async () => {
  await expect(validateFiles([], { checks: [{ type: "duplicate" }] })).rejects.toMatchObject({
    code: "config-error",
  });
});
