import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { flow, load } from "aircan";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/library/temporary-folder.ts";

async function read(fileName: string, content: string | Buffer, config: Record<string, unknown> = {}) {
  const path = join(await temporaryFolder(), fileName);
  await writeFile(path, content);
  const { package: found, rows } = await flow(load(path, config)).results();
  return { rows: rows.data, notes: found.resources[0]?.aircan?.notes?.map(({ text }) => text) ?? [] };
}

const renamed = (key: string, name: string) =>
  `the key "${key}" differs from another one only in case, and is called "${name}"`;

describe("keys that differ only in case are columns of their own", () => {
  test.each<[string, string, unknown[], string[]]>([
    [
      "in rows one after another",
      '[{"ID":1},{"id":3}]',
      [
        { ID: 1, id_1: null },
        { ID: null, id_1: 3 },
      ],
      [renamed("id", "id_1")],
    ],
    [
      "in one row, beside one that is called so, and texts, objects and nulls",
      '[{"ID":"007","id":{"x":1},"id_1":5},{"Id":1.5,"ID":null}]',
      [
        { ID: "007", id_1: { x: 1 }, id_1_1: 5, Id_2: null },
        { ID: null, id_1: null, id_1_1: null, Id_2: 1.5 },
      ],
      [renamed("id", "id_1"), renamed("id_1", "id_1_1"), renamed("Id", "Id_2")],
    ],
    ["in an object in a cell", '[{"a":{"ID":1,"id":2}}]', [{ a: { ID: 1, id: 2 } }], []],
    ["but a key that is really called so is itself", '[{"ID":1,"id_1":2}]', [{ ID: 1, id_1: 2 }], []],
  ])("%s", async (_, content, rows, notes) => {
    expect(await read("data.json", content)).toEqual({ rows, notes });
  });
});

describe("JSON lines", () => {
  test.each<[string, string, unknown[]]>([
    ["one line with an object in it", '{"a":1,"o":{"x":[1]}}\n', [{ a: 1, o: { x: [1] } }]],
    [
      "one line with a long decimal and a list of objects",
      '{"a":0.12345678901234567891,"o":[{"x":1}]}',
      [{ a: "0.12345678901234567891", o: [{ x: 1 }] }],
    ],
    ["objects over several lines", '{\n "a": 1\n}\n{\n "a": 2\n}\n', [{ a: 1 }, { a: 2 }]],
    ["a byte order mark", '\ufeff{"a":1}\r\n{"a":2}\r\n', [{ a: 1 }, { a: 2 }]],
    ["a list that only bears the name", '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
  ])("%s", async (_, content, rows) => {
    expect((await read("data.ndjson", content)).rows).toEqual(rows);
  });
});

describe("encodings", () => {
  const text = '[{"a":"Å"}]';
  test.each<[string, Buffer, Record<string, unknown>]>([
    ["UTF-8 with a mark", Buffer.from(`\ufeff${text}`), {}],
    ["UTF-16 with a mark", Buffer.from(`\ufeff${text}`, "utf16le"), {}],
    ["UTF-16 without", Buffer.from(text, "utf16le"), {}],
    ["UTF-16, big end first", Buffer.from(`\ufeff${text}`, "utf16le").swap16(), {}],
    ["one that is told", Buffer.from(text, "latin1"), { encoding: "latin1" }],
  ])("%s", async (_, content, config) => {
    expect((await read("data.json", content, config)).rows).toEqual([{ a: "Å" }]);
  });
});

describe("what is broken is said with its place", () => {
  const deep = (open: string, close: string) => `[{"a":${open.repeat(30_000)}1${close.repeat(30_000)}}]`;
  test.each<[string, string, string | Buffer, RegExp]>([
    ["a comma too many", "data.json", '[{"a":1},\n{"a":2},]', /is expected, at line 2, byte 18/],
    ["a file that is cut off", "data.json", '[{"a":1},\n{"a":2', /ends in the middle of a value, at line 2/],
    [
      "a line that is not closed",
      "data.ndjson",
      '{"a":1}\n{"a":2\n{"a":3}\n',
      /as JSON lines: .*, in line 2\.$/,
    ],
    ["another encoding", "data.json", Buffer.from('[{"a":"Å"}]', "latin1"), /not UTF-8; name the encoding/],
    [
      "a key that stands twice",
      "data.json",
      '[{"a":1,"a":2}]',
      /data\.json, in record\/value 1: .*duplicate key "a"$/,
    ],
    ["objects nested too deep", "data.json", deep('{"b":', "}"), /nested more than 500 deep/],
    ["lists nested too deep", "data.ndjson", deep("[", "]").slice(1, -1), /nested more than 500 deep/],
  ])("%s", async (_, fileName, content, message) => {
    await expect(read(fileName, content)).rejects.toMatchObject({
      code: "format-error",
      message: expect.stringMatching(message),
    });
  });

  test("brackets in texts nest nothing", async () => {
    const text = `${"[".repeat(1000)}\\"${"{".repeat(1000)}`;
    expect((await read("data.json", `[{"a":"${text}"}]`)).rows).toEqual([{ a: text.replace("\\", "") }]);
  });
});
