import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { flow, load } from "aircan";
import { describe, expect, test } from "vitest";
import { AirCanError } from "../../src/base/errors.ts";
import { formats } from "../../src/reading/formats/registry.ts";
import { temporaryFolder } from "../library/temporary-folder.ts";
import { type ConformanceTable, type FileMaker, tableOf, typedTable } from "./conformance-table.ts";
import { gridFiles } from "./grid-files.ts";
import { recordFiles } from "./record-files.ts";

/** Files of all formats. */
const files: readonly FileMaker[] = [...gridFiles, ...recordFiles];

async function read(fileName: string, content: string | Uint8Array) {
  const path = join(await temporaryFolder(), fileName);
  await writeFile(path, content);
  const { package: found, rows } = await flow(load(path)).results();
  return {
    fields: found.resources[0]?.schema?.fields.map(({ name, type }) => ({ name, type })),
    rows: Object.values(rows)[0],
  };
}

/** What a table is when CSV gives it, which knows no difference between an empty text and no value. */
async function expected(table: ConformanceTable) {
  const [csv] = gridFiles;
  return read("expected.csv", (await csv?.make(table)) ?? "");
}

describe.each(files)("$format", (maker) => {
  const { format, extension, make, maxRows = 100_000, canBeCut = false, isSchemaless = false } = maker;
  const fileName = `data.${extension}`;

  test("gives each type, empty cells and all letters", async () => {
    expect(await read(fileName, await make(typedTable))).toEqual({
      ...(await expected(typedTable)),
      fields: typedTable.fields,
    });
  });

  test.each([0, 1])("gives %i rows", async (count) => {
    const { rows, fields } = await read(fileName, await make(tableOf(count)));
    expect(rows).toEqual((await expected(tableOf(count))).rows);
    const names = count === 0 && isSchemaless ? [] : ["id", "name", "size"];
    expect(fields?.map(({ name }) => name)).toEqual(names);
  });

  test("gives 100,000 rows", async () => {
    const count = Math.min(100_000, maxRows);
    const { rows = [] } = await read(fileName, await make(tableOf(count)));
    expect(rows.length).toBe(count);
    const last = count - 1;
    expect([rows[0], rows[last]]).toEqual([
      { id: 0, name: "name 0", size: 0.5 },
      { id: last, name: `name ${last % 1000}`, size: last + 0.5 },
    ]);
  });

  test("is refused in words where it is damaged", async () => {
    const bytes = Buffer.from(await make(tableOf(500)));
    const noise = Buffer.from(bytes).fill(0xfe, bytes.length >> 2);
    for (const damaged of [bytes.subarray(0, bytes.length >> 1), noise]) {
      const error: unknown = await read(fileName, damaged).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined && canBeCut) continue;
      expect(error instanceof AirCanError && error.code).toMatch(/-error$|^too-large$/);
    }
  });

  test("is known by its name", () => {
    expect(formats.map(({ name }) => name)).toContain(format);
  });
});

/** Its rows have a geometry too; records.test.ts. */
const testedElsewhere = ["geojson"];

test("each format that can be read is here", () => {
  const tested = new Set([...files.map(({ format }) => format), ...testedElsewhere]);
  expect(formats.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});
