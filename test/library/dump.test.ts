import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { addField, dumpToPath, dumpToSql, flow, load, setType } from "aircan";
import { expect, test } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const header = "id,big,price,long,ok,day,at,moment,zoned,span,year,month,tags,shape,text,nothing";
const typed = [
  header,
  '1,9007199254740993,12.5,123456789012345678901234567890.5,true,2026-02-03,14:05:06,2026-02-03T14:05:06,2026-02-03T14:05:06Z,P1DT2H,2026,2026-02,"[1,2]","{""a"":1}",007,',
  '2,-9007199254740993,-0.25,0.1,false,1999-12-31,00:00:00,1999-12-31T23:59:59,1999-12-31T23:59:59Z,PT30S,1999,1999-12,[],{},"a ""quoted"", line\nand another",',
].join("\n");
const types = {
  span: "duration",
  year: "year",
  month: "yearmonth",
  tags: "array",
  shape: "object",
  nothing: "integer",
} as const;

async function typedFile(): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, "things.csv");
  await writeFile(file, `${typed}\n`);
  return { folder, file };
}

const table = (name: string, data: readonly object[]) => load({ name, data });
const setTypes = () => Object.entries(types).map(([name, type]) => setType(name, type));

test.each(["csv", "json", "ndjson", "parquet"] as const)(
  "every type survives %s and the way back",
  async (format) => {
    const { folder, file } = await typedFile();
    const out = join(folder, "out");
    await (flow as (...items: unknown[]) => ReturnType<typeof flow>)(
      load(file),
      ...setTypes(),
      dumpToPath(out, { format }),
    ).run();
    const back = join(folder, "back");
    await flow(load(join(out, "datapackage.json")), dumpToPath(back, { format: "csv" })).run();
    expect((await readFile(join(back, "things.csv"), "utf8")).trimEnd()).toBe(typed);
  },
);

test("the descriptor holds schema, rows, bytes and hash of each file", async () => {
  const folder = await temporaryFolder();
  await flow(table("cities", [{ name: "Oslo", n: 1 }]), dumpToPath(folder)).run();
  const descriptor: unknown = JSON.parse(await readFile(join(folder, "datapackage.json"), "utf8"));
  expect(descriptor).toMatchObject({
    resources: [
      {
        name: "cities",
        path: "cities.csv",
        format: "csv",
        encoding: "utf-8",
        rows: 1,
        bytes: 14,
        hash: expect.stringMatching(/^(md5:)?[0-9a-f]{32}$/),
        schema: {
          fields: [
            { name: "name", type: "string" },
            { name: "n", type: "integer" },
          ],
        },
      },
    ],
    count_of_rows: 1,
    bytes: 14,
  });
  expect(await readdir(folder)).toEqual(["cities.csv", "datapackage.json"]);
});

test("a flow that fails leaves the old package as it was, and nothing else", async () => {
  const folder = await temporaryFolder();
  await flow(table("numbers", [{ n: 1 }]), dumpToPath(folder)).run();
  const before = await Promise.all(
    (await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")),
  );
  const failing = flow(
    table("numbers", [{ n: 2 }, { n: 3 }]),
    addField("m", "integer", (row) => {
      if (row.n === 3) throw new Error("no");
      return 1;
    }),
    dumpToPath(folder),
  );
  await expect(failing.run()).rejects.toMatchObject({ code: "row-function-error" });
  expect(await readdir(folder)).toEqual(["datapackage.json", "numbers.csv"]);
  expect(
    await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "utf8"))),
  ).toEqual(before);
});

test("where a second sink fails, the first writes nothing", async () => {
  const folder = await temporaryFolder();
  const made = flow(
    table("numbers", [{ n: 1 }]),
    dumpToPath(join(folder, "first")),
    dumpToSql({ numbers: {} }, { engine: "postgresql://nobody:x@127.0.0.1:1/none" }),
  );
  await expect(made.run()).rejects.toMatchObject({ code: "database-error" });
  expect(await readdir(join(folder, "first"))).toEqual([]);
});

test("dump_to_sql writes SQLite tables, replaced as a whole", async () => {
  const folder = await temporaryFolder();
  const engine = `sqlite:///${join(folder, "out.db")}`;
  for (const n of [1, 2]) {
    await flow(table("numbers", [{ n, name: "a" }]), dumpToSql({ numbers: {} }, { engine })).run();
  }
  const database = new DatabaseSync(join(folder, "out.db"), { readOnly: true });
  expect(database.prepare("select * from numbers").all()).toEqual([{ n: 2, name: "a" }]);
  database.close();
});

test("a target that cannot be written is named", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "file"), "");
  await expect(flow([{ n: 1 }], dumpToPath(join(folder, "file", "x"))).run()).rejects.toMatchObject({
    code: "storage-error",
    message: expect.stringContaining(join(folder, "file", "x")),
  });
});

test("two resources that would be one file are refused", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "a.csv"), "n\n1\n");
  const made = flow(table("a", [{ n: 1 }]), load(join(folder, "a.csv"), { name: "b" }), dumpToPath(folder));
  await expect(made.run()).rejects.toMatchObject({
    code: "config-error",
    message: expect.stringContaining("a.csv"),
  });
});
