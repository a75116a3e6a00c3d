import { describe, expect, test } from "vitest";
import { aircan, folderWith } from "./aircan.ts";

const page = (...tables: string[]) => `<!doctype html><html><body>${tables.join("")}</body></html>`;
const table = (id: string, ...rows: string[]) =>
  `<table id="${id}"><tr><th>id</th><th>name</th></tr>${rows.join("")}</table>`;
const towns = "<tr><td>1</td><td>Oslo</td></tr>";
const files = {
  "two.html": page(table("towns", towns), table("lakes", "<tr><td>7</td><td></td></tr>")),
};

describe("a file with several tables", () => {
  test("is shown table by table, each under its name", async () => {
    const folder = await folderWith(files);
    const { stdout, code } = await aircan(["show", "two.html", "--table", "*"], { folder });
    expect([code, stdout.split("\n")]).toEqual([
      0,
      [
        'two.html, "towns"',
        "     id  name",
        "integer  string",
        "───────  ──────",
        "      1  Oslo",
        "",
        'two.html, "lakes"',
        "     id  name",
        "integer  string",
        "───────  ──────",
        "      7",
        "",
      ],
    ]);
  });

  test("is one document of its first table and the others", async () => {
    const folder = await folderWith(files);
    const { stdout } = await aircan(["show", "two.html", "--table", "*", "--json"], { folder });
    const fields = [
      { name: "id", type: "integer" },
      { name: "name", type: "string" },
    ];
    expect(JSON.parse(stdout)).toEqual({
      fields,
      rows: [{ id: 1, name: "Oslo" }],
      others: [{ name: "two-lakes", fields, rows: [{ id: 7, name: null }] }],
    });
  });

  test("is described and validated under the names of its tables", async () => {
    const folder = await folderWith(files);
    const described = await aircan(["describe", "two.html", "--table", "*"], { folder });
    expect(described.stdout.match(/^two\.html.*?:/gm)).toEqual(['two.html, "towns":', 'two.html, "lakes":']);
    const validated = await aircan(["validate", "two.html", "--table", "*"], { folder });
    expect(validated.stdout.match(/^\w+ {2}\S+ \(\S+\)/gm)).toEqual([
      "valid  two.html (two-towns)",
      "valid  two.html (two-lakes)",
    ]);
  });

  test("is not written whole into one file", async () => {
    const folder = await folderWith(files);
    const { stderr, code } = await aircan(["convert", "two.html", "out.csv", "--table", "*"], { folder });
    expect([code, stderr.split("\n")]).toEqual([
      2,
      expect.arrayContaining([
        "error: out.csv can hold one table, but there are: two-towns, two-lakes.",
        "  hint: Name one with `--sheet`, `--table` or `--member`, or write a data package with a flow.",
      ]),
    ]);
  });

  const flow = "flow:\n  - load: { from: two.html }\n";
  test.each([
    ["show", ["show", "two.html"]],
    ["describe", ["describe", "two.html"]],
    ["convert", ["convert", "two.html", "out.csv"]],
    ["run", ["run", "flow.yaml"]],
  ])("is said to have others by %s", async (_, args) => {
    const { stderr } = await aircan(args, { folder: await folderWith({ ...files, "flow.yaml": flow }) });
    expect(stderr.split("\n")).toContain(
      'note: two.html: read is "towns"; the file also has "lakes"; name one with --table, or all with --table "*"',
    );
  });
});
