import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Schema } from "../descriptor/types.ts";
import { type DescribeOptions, describeFile } from "./describe.ts";
import { contextIn } from "./test-context.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-describe-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function described(content: string | Uint8Array, options: DescribeOptions = {}) {
  await writeFile(join(folder, "data.csv"), content);
  const context = contextIn(folder, { trusted: false });
  const [table] = await describeFile("data.csv", options, context);
  if (table === undefined) throw new Error("no table");
  return table;
}

describe("cells that databases write for no value", () => {
  const text = "id,b\n1,\\N\n2,y\n";

  test("are missing values where nobody says otherwise", async () => {
    const { dialect, schema } = (await described(text)).resource;
    expect([dialect?.nullSequence, schema?.missingValues]).toEqual(["\\N", ["", "\\N"]]);
  });

  test("are text under a schema, unless the dialect says what they are", async () => {
    const schema: Schema = {
      fields: [
        { name: "id", type: "integer" },
        { name: "b", type: "string" },
      ],
    };
    const plain = (await described(text, { resource: { schema } })).resource;
    expect([plain.dialect?.nullSequence, plain.schema?.missingValues]).toEqual([null, [""]]);
    const told = { schema, dialect: { nullSequence: "\\N" } };
    expect((await described(text, { resource: told })).resource.schema?.missingValues).toEqual(["", "\\N"]);
  });
});

describe("the encoding", () => {
  const plain = Array.from({ length: 30_000 }, (_, i) => `${i},plain text here\n`).join("");
  const late = plain.replaceAll("plain", "Åse");
  test.each([
    ["windows-1252", Buffer.from(`id,name\n${plain}${late}`, "latin1")],
    ["utf-8", Buffer.from(`id,name\n${plain}${late}`)],
  ])("%s is found where its letters come late", async (encoding, bytes) => {
    expect((await described(bytes)).resource.encoding).toBe(encoding);
  });

  test("that was told for what looks like UTF-8 is doubted", async () => {
    const { resource } = await described("a,b\nÅ,1\n", { encoding: "latin1" });
    expect(resource.aircan?.notes).toEqual([
      {
        about: "encoding",
        text: "read as windows-1252, as told, but every letter fits utf-8; look whether letters are right",
      },
    ]);
  });

  test("is found where its only letter comes late", async () => {
    const bytes = Buffer.from(`id,name\n${plain}1,Åse\n${plain}`, "latin1");
    expect((await described(bytes)).resource.encoding).toBe("windows-1252");
  });

  test("that is told is not guessed, and one that does not exist is refused", async () => {
    const { resource } = await described(Buffer.from("a,b\nÅ,1\n", "latin1"), { encoding: "latin1" });
    expect(resource.encoding).toBe("windows-1252");
    expect(resource.aircan?.notes).toBeUndefined();
    await expect(described("a,b\n1,2\n", { encoding: "utf-99" })).rejects.toMatchObject({
      code: "encoding-error",
    });
  });

  test("is told as utf-16, and its byte order mark says which of the two", async () => {
    const bytes = Buffer.from("\ufeffa,b\n1,é\n", "utf16le").swap16();
    expect((await described(bytes, { encoding: "utf-16" })).resource.encoding).toBe("utf-16be");
  });
});

describe("types are guessed with a reason", () => {
  test.each<[string, string[], string, string]>([
    ["whole numbers", ["1", "-20"], "integer", "every cell reads as integer"],
    [
      "leading zeros",
      ["0123", "123"],
      "string",
      "cells are digits with leading zeros, which only text keeps",
    ],
    ["whole and decimal numbers", ["1", "2.5"], "number", "every cell reads as number"],
    [
      "decimal commas",
      ["1,25", "3,5"],
      "number",
      "every cell reads as number with decimal comma; commas stand before decimals",
    ],
    [
      "only thousands",
      ["1,250", "3,500"],
      "string",
      "numbers, but nothing shows whether the comma groups thousands or stands before decimals",
    ],
    [
      "days that could be months",
      ["01/02/2020", "03/04/2020"],
      "string",
      "dates, but nothing shows whether the day or the month comes first",
    ],
    [
      "days first",
      ["01/02/2020", "31/01/2020"],
      "date",
      "every cell reads as date %d/%m/%Y; a day above 12 stands first",
    ],
    [
      "impossible dates",
      ["2020-01-31", "2020-02-30"],
      "string",
      "50 % of the cells read as date, others do not",
    ],
    ["truth", ["true", "false"], "boolean", "every cell reads as boolean"],
    ["ones and zeros", ["1", "0"], "integer", "every cell reads as integer; boolean would do too"],
    ["times", ["12:00:00", "23:59:59"], "time", "every cell reads as time"],
    ["nothing", ["", ""], "string", "no cell has a value"],
  ])("%s", async (_, cells, type, reason) => {
    const { resource } = await described(`name,v\n${cells.map((cell) => `x,"${cell}"\n`).join("")}`);
    expect(resource.schema?.fields[1]?.type).toBe(type);
    expect(
      resource.aircan?.guesses?.find(({ property }) => property === "schema.fields.v.type")?.reason,
    ).toBe(reason);
  });
});

describe("what is not as in the file is noted", () => {
  test.each<[string, string, string[]]>([
    ["a good file", "a,b\n1,2\n", []],
    [
      "labels",
      "a,a,,a2\n1,2,3,4\n",
      [
        'column 2 is named "a", as another before it, and is called "a2"',
        'column 3 has no name in the header and is called "field3"',
        'column 4 is named "a2", as another before it, and is called "a22"',
      ],
    ],
    ["a title", "Prices\n\na,b\n1,2\n", ["left out, because above the header: row 1"]],
    ["a padded title", "Prices,\n\na,b\n1,2\n", ["left out, because above the header: row 1"]],
  ])("%s", async (_, content, notes) => {
    const { resource } = await described(content);
    expect((resource.aircan?.notes ?? []).map(({ text }) => text)).toEqual(notes);
  });
});

describe("ragged files keep their columns", () => {
  test.each<[string, string[]]>([
    ["a,b,c\n1\n", ["a", "b", "c"]],
    ["a,b\n1,2,3,4\n", ["a", "b"]],
    ["a,b\n1,2,3\n4,5,6\n", ["a", "b"]],
    ["a;b;c\n1;2\n3;4;5;6\n", ["a", "b", "c"]],
    ["text\nHello, world\nno comma\n", ["text"]],
  ])("%j", async (content, columns) => {
    expect((await described(content)).columns).toEqual(columns);
  });
});

describe("a declared schema", () => {
  const declared = (names: readonly string[], fieldsMatch?: string): DescribeOptions => ({
    resource: {
      schema: {
        fields: names.map((name) => ({ name, type: "integer" })),
        ...(fieldsMatch ? { fieldsMatch } : {}),
      },
    },
  });
  test.each<[string, string, DescribeOptions, string[]]>([
    ["has the names of the columns", "a,b\n1,2\n", declared(["a", "b"]), ["a integer", "b integer"]],
    ["in another order goes by name", "b,a\n1,2\n", declared(["a", "b"]), ["b integer", "a integer"]],
    [
      "names columns of a file without a header",
      "1,2\n",
      { ...declared(["a", "b"]), headerRows: "none" },
      ["a integer", "b integer"],
    ],
    ["names a column without a label", "a,\n1,2\n", declared(["a", "b"]), ["a integer", "b integer"]],
    [
      "of a subset leaves other columns as they are",
      "a,z\n1,2\n",
      declared(["a"], "subset"),
      ["a integer", "z any"],
    ],
    [
      "of a superset may have more fields",
      "a,b\n1,2\n",
      declared(["a", "b", "c"], "superset"),
      ["a integer", "b integer"],
    ],
  ])("%s", async (_, content, options, fields) => {
    const { resource } = await described(content, options);
    expect(resource.schema?.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(fields);
  });

  test.each<[string, string, string[], string]>([
    ["another name", "a,c\n1,2\n", ["a", "b"], "incorrect-label"],
    ["a field more", "a\n1\n2\n", ["a", "b"], "missing-label"],
    ["a column more", "a,b,c\n1,2,3\n", ["a", "b"], "extra-label"],
  ])("with %s is refused", async (_, content, names, code) => {
    await expect(described(content, declared(names))).rejects.toMatchObject({ code });
  });
});
