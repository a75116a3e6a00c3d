import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { flow, load } from "aircan";
import { expect, test } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

/** A folder with the files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

test("a doubtful field has the cells that speak against its likeliest type, and what would help", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i + 1},${i === 4 ? "n/a" : i * 3}\n`);
  const folder = await folderWith({ "a.csv": `id,count\n${rows.join("")}` });
  const { resources } = await flow(load(join(folder, "a.csv"))).describe({ statistics: true });
  const { guesses, suggestions, stats } = resources[0]?.aircan ?? {};
  expect(guesses?.find(({ property }) => property === "schema.fields.count.type")).toEqual({
    property: "schema.fields.count.type",
    value: "string",
    confidence: 0.5,
    reason: "95 % of the cells read as integer, others do not",
    candidates: [{ type: "integer", share: 0.95 }],
    against: [{ row: 6, cell: "n/a" }],
  });
  expect(suggestions).toEqual([
    {
      property: "schema.primaryKey",
      value: ["id"],
      confidence: 1,
      reason: "every one of 20 rows has a value of its own",
    },
    {
      property: "schema.fields.count.missingValues",
      value: ["", "n/a"],
      confidence: 0.95,
      reason: 'without "n/a" every cell reads as integer',
    },
  ]);
  expect(stats).toMatchObject({ rows: 20, fields: { id: { count: 20, distinct: 20, min: "1", max: "20" } } });
});

test("a key that only samples have is not proposed once all rows are counted", async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `${i === 20_000 ? 0 : i},${"x".repeat(20)}\n`);
  const folder = await folderWith({ "b.csv": `id,text\n${rows.join("")}` });
  const source = flow(load(join(folder, "b.csv")));
  const proposed = async (statistics: boolean) =>
    (await source.describe({ statistics })).resources[0]?.aircan?.suggestions?.map(({ value }) => value);
  expect([await proposed(false), await proposed(true)]).toEqual([[["id"]], undefined]);
});

test("foreign keys between resources are proposed where every value keeps them", async () => {
  const folder = await folderWith({
    "sales.csv": "id,town_id,shop_id,country\n1,5,1,NO\n2,7,2,SE\n3,5,9,NO\n",
    "countries.csv": "code,name\nNO,Norway\nSE,Sweden\nDK,Denmark\n",
    "towns.csv": "id,name\n5,Oslo\n7,Bergen\n9,Voss\n",
    "shops.csv": "id,name\n1,A\n2,B\n3,C\n",
    "datapackage.json": JSON.stringify({
      resources: ["sales", "towns", "shops", "countries"].map((name) => ({ name, path: `${name}.csv` })),
    }),
  });
  const { resources } = await flow(load(join(folder, "datapackage.json"))).describe();
  const keys = resources.map(({ aircan }) =>
    aircan?.suggestions?.filter(({ property }) => property === "schema.foreignKeys"),
  );
  expect(keys).toEqual([
    [
      {
        property: "schema.foreignKeys",
        value: [{ fields: ["town_id"], reference: { resource: "towns", fields: ["id"] } }],
        confidence: 0.6,
        reason: 'all 2 values of "town_id" stand in "id" of "towns"',
      },
      {
        property: "schema.foreignKeys",
        value: [{ fields: ["country"], reference: { resource: "countries", fields: ["code"] } }],
        confidence: 0.6,
        reason: 'all 2 values of "country" stand in "code" of "countries"',
      },
    ],
    [],
    [],
    [],
  ]);
});
