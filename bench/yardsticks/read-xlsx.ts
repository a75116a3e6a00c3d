/** Reads a workbook into rows with a package of npm: `read-xlsx.ts PACKAGE FILE`; prints how many rows it has. */
const [name = "", path = ""] = process.argv.slice(2);

const readers: Readonly<Record<string, () => Promise<number>>> = {
  "@e965/xlsx": async () => {
    const { readFileSync } = await import("node:fs");
    const { read, utils } = await import("@e965/xlsx");
    const book = read(readFileSync(path), { dense: true });
    const [sheet = ""] = book.SheetNames;
    return utils.sheet_to_json(book.Sheets[sheet] ?? {}, { header: 1 }).length;
  },
  "read-excel-file": async () => {
    const { readSheet } = await import("read-excel-file/node");
    return (await readSheet(path)).length;
  },
  aircan: async () => {
    const { rm, mkdtemp, readFile } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    const { xlsx } = await import("../../src/reading/formats/xlsx.ts");
    const temporaryFolder = await mkdtemp(`${tmpdir()}/aircan-bench-`);
    const opened = { source: path, path, fileName: "bench.xlsx", bytes: 0, compression: null };
    const context = { folder: ".", trusted: true, allowPrivate: false, allowLocal: true, temporaryFolder };
    const { signal } = new AbortController();
    const reading = { options: {}, declared: {}, sample: Buffer.alloc(0), context: { ...context, signal } };
    const [table] = await xlsx.read(opened, reading);
    const rows = (await readFile(table?.path ?? "", "utf8")).split("\n").length - 1;
    await rm(temporaryFolder, { recursive: true, force: true });
    return rows;
  },
};

const read = readers[name];
if (read === undefined) throw new Error(`The readers are ${Object.keys(readers).join(", ")}.`);
console.log(await read());
