import { once } from "node:events";
import { mkdir, readdir, readFile, watch } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { aircan, folderWith, startAircan } from "./aircan.ts";

const schema = JSON.stringify({
  fields: [
    { name: "id", type: "integer", constraints: { unique: true } },
    { name: "price", type: "number" },
  ],
});

describe("validate", () => {
  test("prints what is wrong, the row with the bad cell marked, and what to do", async () => {
    const folder = await folderWith({ "prices.csv": "id,price\n1,2.5\n2,abc\n3\n", "schema.json": schema });
    const { code, stdout, stderr } = await aircan(["validate", "prices.csv", "--schema", "schema.json"], {
      folder,
    });
    expect(stdout.replace(/[0-9.]+ s\)/, "0 s)")).toBe(
      [
        "invalid  prices.csv (3 rows, 2 fields, 23 B, 0 s): 2 errors",
        "",
        '  type-error in "price": 1 error',
        "  A cell cannot be read as its field's type. Correct the cell, or the field's",
        "  type.",
        "",
        "           id │ price",
        "    row 3  2  │ abc",
        "                ^^^",
        '           "abc" in the field "price" is not a number such as 3.14.',
        "",
        "  missing-cell: 1 error",
        "  A row has fewer cells than there are columns. Add the missing cells.",
        "",
        "           id │ price",
        "    row 4  3  │ ?",
        "                ^",
        '           The row ends before the field "price".',
        "",
      ].join("\n"),
    );
    expect([code, stderr]).toEqual([1, ""]);
  });

  test("writes the report in other forms beside the text, also when data is invalid", async () => {
    const folder = await folderWith({ "prices.csv": "id,price\n1,2.5\n2,abc\n", "schema.json": schema });
    const forms = ["html", "csv", "markdown", "sarif", "junit"];
    const { code, stdout } = await aircan(
      [
        "validate",
        "prices.csv",
        "--schema",
        "schema.json",
        ...forms.flatMap((form) => [`--${form}`, `report.${form}`]),
      ],
      { folder },
    );
    const starts = await Promise.all(
      forms.map(async (form) => (await readFile(join(folder, `report.${form}`), "utf8")).slice(0, 15)),
    );
    expect([code, stdout.slice(0, 7), starts]).toEqual([
      1,
      "invalid",
      ["<!doctype html>", "task,place,type", "## ❌ The data i", '{\n  "$schema": ', '<?xml version="'],
    ]);
    expect((await readdir(folder)).length).toBe(7);
  });

  test("writes one form to standard output, and then nothing else there", async () => {
    const folder = await folderWith({ "prices.csv": "id,price\n1,2.5\n" });
    const { code, stdout } = await aircan(["validate", "prices.csv", "--csv", "-"], { folder });
    expect([code, stdout]).toEqual([
      0,
      "task,place,type,severity,row,line,field,fieldNumber,cell,message,hint\r\n",
    ]);
  });

  test("without a source tests what aircan.yaml names, in files that fit its patterns", async () => {
    const folder = await folderWith({
      "aircan.yaml": "validate:\n  sources:\n    - '*.csv'\n  reports: {junit: junit.xml}\n",
      "a.csv": "id\n1\n",
      "b.csv": "id,n\n1,2\n1,2,3\n",
    });
    const { code, stdout, stderr } = await aircan(["validate"], { folder });
    expect([
      code,
      stdout
        .split("\n")
        .map((line) => line.split(" (")[0])
        .slice(0, 2),
      stderr.slice(0, 18),
    ]).toEqual([1, ["valid  a.csv", "invalid  b.csv"], "testing 2 sources,"]);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("2 tables: 1 valid, 1 not valid, 1 error");
    expect(await readFile(join(folder, "junit.xml"), "utf8")).toContain('failures="1"');
  });

  test("with --json prints the report of all sources, in their order", async () => {
    const folder = await folderWith({
      "a.csv": "id,price\n1,2\n1,3\n",
      "b.csv": "id,price\n1,2\n",
      "schema.json": schema,
    });
    const { code, stdout } = await aircan(
      [
        "validate",
        "a.csv",
        "missing.csv",
        "b.csv",
        "--schema",
        "schema.json",
        "--json",
        "--limit-errors",
        "5",
      ],
      { folder },
    );
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ valid: false, stats: { tasks: 3, errors: 2 } });
    expect(
      report.tasks.map((task: { place: string; errors: { type: string }[] }) => [
        task.place,
        task.errors.map(({ type }) => type),
      ]),
    ).toEqual([
      ["a.csv", ["unique-error"]],
      ["missing.csv", ["scheme-error"]],
      ["b.csv", []],
    ]);
    expect(code).toBe(1);
  });

  test("an interrupted validation ends with 130 and leaves nothing behind", async () => {
    const folder = await folderWith({});
    const child = startAircan(["validate", "-"], { folder, env: { TMPDIR: folder } });
    for await (const { filename } of watch(folder)) if (filename?.startsWith("aircan-validate-")) break;
    child.kill("SIGINT");
    const [[code], said] = await Promise.all([once(child, "close"), text(child.stderr)]);
    expect([code, said.split("\n")[0]]).toEqual([130, "error: Interrupted by SIGINT; nothing was changed."]);
    expect((await readdir(folder)).filter((name) => name.startsWith("aircan"))).toEqual([]);
  });

  test("is 0 for a valid file, also from standard input", async () => {
    const { code, stdout } = await aircan(["validate", "-"], { input: "a,b\n1,2\n" });
    expect([code, stdout.slice(0, 8)]).toEqual([0, "valid  -"]);
  });

  test.each<[string, string[], number, string]>([
    ["an unknown option", ["--what"], 2, "usage-error"],
    ["a report in a folder that is not there", ["--html", "nowhere/report.html"], 2, "config-error"],
    ["two reports on standard output", ["--csv", "-"], 2, "usage-error"],
    ["a checklist that names an unknown error", ["--checks", "checks.yaml"], 2, "config-error"],
  ])("refuses %s", async (_, args, expected, error) => {
    const folder = await folderWith({ "a.csv": "a,b\n1,2\n", "checks.yaml": "skipErrors: [nothing]\n" });
    const { code, stdout } = await aircan(["validate", "a.csv", "--json", ...args], { folder });
    expect([code, JSON.parse(stdout).error.code]).toEqual([expected, error]);
  });

  test("a descriptor may leave its folder only with --trusted", async () => {
    const folder = await folderWith({ "a.csv": "a,b\n1,2\n" });
    await mkdir(join(folder, "inside"));
    const resource = JSON.stringify({ name: "a", path: "../a.csv" });
    const { writeFile } = await import("node:fs/promises");
    await writeFile(join(folder, "inside", "resource.json"), resource);
    const plain = await aircan(["validate", "inside/resource.json", "--json"], { folder });
    expect([plain.code, JSON.parse(plain.stdout).tasks[0].errors[0].pointer]).toEqual([1, "/path"]);
    for (const command of ["validate", "show"]) {
      const { code } = await aircan([command, "inside/resource.json", "--trusted"], { folder });
      expect([command, code]).toEqual([command, 0]);
    }
    const shown = await aircan(["show", "inside/resource.json", "--json"], { folder });
    expect([shown.code, JSON.parse(shown.stdout).error.code]).toEqual([1, "resource-error"]);
  });
});

const good = "id,name\n1,Ålesund\n2,Tromsø\n";
const utf16 = Buffer.from(`\ufeff${good}`, "utf16le");

describe("files as people have them are read", () => {
  test.each<[string, string | Uint8Array]>([
    ["good.csv", good],
    ["mark.csv", `\ufeff${good}`],
    ["semicolon.csv", good.replaceAll(",", ";")],
    ["tab.tsv", good.replaceAll(",", "\t")],
    ["pipe.txt", good.replaceAll(",", "|")],
    ["windows.csv", good.replaceAll("\n", "\r\n")],
    ["old-mac.csv", good.replaceAll("\n", "\r")],
    ["mixed.csv", good.replace("\n", "\r\n")],
    ["no-end.csv", good.trimEnd()],
    ["utf-16.csv", utf16],
    ["utf-16be.csv", Buffer.from(utf16).swap16()],
    ["latin1.csv", Buffer.from(good, "latin1")],
    ["comment.csv", `# made by hand\n${good}`],
    ["title.csv", `Towns of Norway\n\n${good}`],
    ["blank-lines.csv", good.replaceAll("\n", "\n\n")],
    ["spaces.csv", good.replaceAll(",", ", ")],
    ["quoted.csv", good.replaceAll(/[^,\n]+/g, '"$&"')],
    ["good.csv.gz", gzipSync(good)],
    ["good.csv.zst", zstdCompressSync(good)],
    ["good.ndjson", '{"id": 1, "name": "Ålesund"}\n{"id": 2, "name": "Tromsø"}\n'],
    ["good.json", '[{"id": 1, "name": "Ålesund"}, {"id": 2, "name": "Tromsø"}]'],
  ])("%s", async (name, content) => {
    const folder = await folderWith({ [name]: content });
    const { stdout, code } = await aircan(["show", name, "--json"], { folder });
    expect(JSON.parse(stdout)).toEqual({
      fields: [
        { name: "id", type: "integer" },
        { name: "name", type: "string" },
      ],
      rows: [
        { id: 1, name: "Ålesund" },
        { id: 2, name: "Tromsø" },
      ],
    });
    expect(code).toBe(0);
  });

  test("columns without a name of their own are given one, and that is said", async () => {
    const { stdout, stderr } = await aircan(["convert", "-", "-", "--to-format", "csv"], {
      input: "a,a,\n1,2,3\n",
    });
    expect(stdout).toBe("a,a2,field3\n1,2,3\n");
    expect(stderr.split("\n").slice(0, 2)).toEqual([
      'note: stdin: column 2 is named "a", as another before it, and is called "a2"',
      'note: stdin: column 3 has no name in the header and is called "field3"',
    ]);
  });

  test("a header alone is a table without rows", async () => {
    const { stdout, code } = await aircan(["show", "-", "--json"], { input: "a,b\n" });
    expect([code, JSON.parse(stdout).rows]).toEqual([0, []]);
  });
});

describe("files that cannot be read are refused plainly", () => {
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7 + i * 13) % 251);
  test.each<[string, string | Uint8Array, string, string]>([
    ["empty.csv", "", "source-error", "empty.csv is empty."],
    ["blank.csv", "\n\n\n", "source-error", "blank.csv holds no table: its lines are blank."],
    ["noise.csv", noise, "format-error", "noise.csv is not text: it looks like a binary file."],
    ["sheet.csv", "PK\u0003\u0004 and so on", "compression-error", "sheet.csv is damaged: "],
    [
      "page.csv",
      "<!DOCTYPE html>\n<html><body>Log in</body></html>\n",
      "format-error",
      "page.csv is no table: it is a web page.",
    ],
    [
      "cut.csv.gz",
      gzipSync(good.repeat(100)).subarray(0, 60),
      "compression-error",
      "cut.csv.gz cannot be decompressed: unexpected end of file.",
    ],
    [
      "ragged.csv",
      "a,b,c\n1,2,3\n4,5\n6,7,8\n",
      "data-error",
      'The data of "ragged" is not valid: 1 missing-cell. First: row 3: The row has 2 cells, but there are 3 columns.',
    ],
    [
      "open.csv",
      'a,b\n1,"x\n2,y\n3,z\n',
      "data-error",
      'The data of "open" is not valid: 1 unclosed-quote. First: row 2: A quoted cell that begins in this row is never closed.',
    ],
    [
      "object.json",
      '{\n  "a": 1\n}\n',
      "format-error",
      "object.json holds one JSON object, and no list of rows.",
    ],
    ["cut.json", '[{"a": 1}, {"a": ', "format-error", "cut.json cannot be read as JSON"],
  ])("%s", async (name, content, code, message) => {
    const folder = await folderWith({ [name]: content });
    const ended = await aircan(["convert", name, "out.parquet", "--json"], { folder });
    const { error } = JSON.parse(ended.stdout);
    expect({ exit: ended.code, code: error.code, message: error.message.slice(0, message.length) }).toEqual({
      exit: 1,
      code,
      message,
    });
    expect(error.hint).not.toBe("");
  });

  test("a folder, and a file that is not there", async () => {
    const folder = await folderWith({});
    await mkdir(join(folder, "folder.csv"));
    const messages = await Promise.all(
      ["folder.csv", "missing.csv"].map(async (name) => {
        const { stdout, code } = await aircan(["show", name, "--json"], { folder });
        const { error } = JSON.parse(stdout);
        return [code, error.code, error.message];
      }),
    );
    expect(messages).toEqual([
      [1, "scheme-error", "folder.csv is a folder, not a file."],
      [1, "scheme-error", "missing.csv cannot be opened: there is no such file."],
    ]);
  });

  test("a type that changes after a million rows is found, and the field is text", async () => {
    const rows = Array.from({ length: 1_000_001 }, (_, i) => `${i},${i % 7}\n`).join("");
    const folder = await folderWith({ "long.csv": `id,value\n${rows}-1,none\n` });
    const { stdout } = await aircan(["describe", "long.csv", "--json"], { folder });
    const { schema: found, aircan: said } = JSON.parse(stdout);
    expect(found.fields).toEqual([
      { name: "id", type: "integer" },
      { name: "value", type: "string" },
    ]);
    expect(
      said.guesses.find(({ property }: { property: string }) => property === "schema.fields.value.type"),
    ).toMatchObject({
      value: "string",
      reason: expect.stringContaining('against integer speak "none" in row 1000003'),
    });
  });
});
