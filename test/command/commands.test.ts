import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aircan, folderWith, startAircan } from "./aircan.ts";

const cities = "city,population,zip\nOslo,709037,0150\nLima,10092000,15001\n";
const files = { "cities.csv": cities };

describe("show", () => {
  test("prints rows as a table with types", async () => {
    const ended = await aircan(["show", "cities.csv"], { folder: await folderWith(files) });
    expect(ended).toEqual({
      code: 0,
      stdout: [
        "city    population  zip",
        "string     integer  string",
        "──────  ──────────  ──────",
        "Oslo        709037  0150",
        "Lima      10092000  15001",
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  test("reads standard input, and with --json prints one document", async () => {
    const ended = await aircan(["show", "-", "--json", "--rows", "1"], { input: cities });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      fields: [
        { name: "city", type: "string" },
        { name: "population", type: "integer" },
        { name: "zip", type: "string" },
      ],
      rows: [{ city: "Oslo", population: 709037, zip: "0150" }],
    });
    expect(ended.code).toBe(0);
  });

  test("--types none keeps every cell as text", async () => {
    const { stdout } = await aircan(["show", "-", "--json", "--types", "none"], { input: "a,b\n1,\n" });
    expect(JSON.parse(stdout)).toMatchObject({ rows: [{ a: "1", b: "" }] });
  });
});

describe("describe", () => {
  test("prints a descriptor that says how sure it is and why", async () => {
    const { stdout, code } = await aircan(["describe", "cities.csv", "--json"], {
      folder: await folderWith(files),
    });
    const resource = JSON.parse(stdout);
    expect(resource).toMatchObject({
      name: "cities",
      path: "cities.csv",
      encoding: "utf-8",
      dialect: { delimiter: ",", quoteChar: '"' },
      schema: {
        fields: [
          { name: "city", type: "string" },
          { name: "population", type: "integer" },
          { name: "zip", type: "string" },
        ],
      },
    });
    for (const guess of resource.aircan.guesses)
      expect(guess).toEqual({
        property: expect.any(String),
        value: expect.anything(),
        confidence: expect.any(Number),
        reason: expect.any(String),
      });
    expect(code).toBe(0);
  });

  test("gives one package for several sources, in their order", async () => {
    const folder = await folderWith({ ...files, "b.csv": "x\n1\n" });
    const { stdout } = await aircan(["describe", "b.csv", "cities.csv", "--json"], { folder });
    const names = JSON.parse(stdout).resources.map((resource: { name: string }) => resource.name);
    expect(names).toEqual(["b", "cities"]);
  });
});

describe("convert", () => {
  test.each([
    [
      "out.json",
      '[\n\t{"city":"Oslo","population":709037,"zip":"0150"},\n\t{"city":"Lima","population":10092000,"zip":"15001"}\n]\n',
    ],
    [
      "out.ndjson",
      '{"city":"Oslo","population":709037,"zip":"0150"}\n{"city":"Lima","population":10092000,"zip":"15001"}\n',
    ],
    ["out.csv", cities],
  ])("to %s", async (target, text) => {
    const folder = await folderWith(files);
    expect((await aircan(["convert", "cities.csv", target], { folder })).code).toBe(0);
    expect(await readFile(join(folder, target), "utf8")).toBe(text);
  });

  test("through Parquet and back is the same", async () => {
    const folder = await folderWith(files);
    await aircan(["convert", "cities.csv", "a.parquet"], { folder });
    await aircan(["convert", "a.parquet", "b.csv"], { folder });
    expect(await readFile(join(folder, "b.csv"), "utf8")).toBe(cities);
  });

  test("a bad cell leaves the old target as it was", async () => {
    const folder = await folderWith({ "a.csv": "n\n1\nx\n", "out.csv": "old" });
    const schema = JSON.stringify({ fields: [{ name: "n", type: "integer" }] });
    const spec = `flow:\n  - load: { from: a.csv, schema: ${schema} }\n  - dump_to_path: { path: out }\n`;
    const ended = await aircan(["run", "f.yaml"], { folder: await withFile(folder, "f.yaml", spec) });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/row 3, line 3, field n/);
    expect(await readdir(join(folder, "out"))).toEqual([]);
  });
});

describe("run", () => {
  const spec = `flow:
  - load: { from: "{{ params.file }}", name: cities }
  - filter_rows: { where: "population > 1000000" }
  - dump_to_path: { path: out }
`;

  test("runs a spec with parameters, and says what it did", async () => {
    const folder = await folderWith({ ...files, "f.yaml": spec });
    const ended = await aircan(["run", "f.yaml", "-p", "file=cities.csv", "--json"], { folder });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      stats: { rows: 1, resources: { cities: { rows: 1, errors: 0 } } },
      errors: [],
      package: { resources: [{ name: "cities" }] },
    });
    expect(await readFile(join(folder, "out/cities.csv"), "utf8")).toBe(
      "city,population,zip\nLima,10092000,15001\n",
    );
  });

  test("runs a TypeScript flow that imports aircan", async () => {
    const program = `import { flow, load, addField, dumpToPath } from "aircan";
export default flow(load("cities.csv"), addField("first", "string", (row) => String(row.city)[0]), dumpToPath("out"));
`;
    const folder = await folderWith({ ...files, "f.ts": program });
    expect((await aircan(["run", "f.ts"], { folder })).code).toBe(0);
    expect(await readFile(join(folder, "out/cities.csv"), "utf8")).toBe(
      "city,population,zip,first\nOslo,709037,0150,O\nLima,10092000,15001,L\n",
    );
  });

  test.each([
    ["broken YAML", "flow: [\n  - load", "config-error", /f\.yaml.*line 2/s],
    ["an unknown processor", "flow:\n  - lod: x.csv\n", "unknown-processor", /lod.*"line":2/s],
    ["an unknown option", "flow:\n  - load: { form: x.csv }\n", "config-error", /form/],
    ["a missing source", "flow:\n  - load: x.csv\n", "scheme-error", /x\.csv/],
    [
      "an unknown field",
      'flow:\n  - load: cities.csv\n  - filter_rows: { where: "size > 1" }\n',
      "unknown-field",
      /city, population, zip/,
    ],
  ])("%s is refused with what and where", async (_, text, code, words) => {
    const folder = await folderWith({ ...files, "f.yaml": text });
    const ended = await aircan(["run", "f.yaml", "--json"], { folder });
    const { error } = JSON.parse(ended.stdout);
    expect(error).toMatchObject({ code, hint: expect.any(String), docs: expect.stringContaining(code) });
    expect(`${error.message} ${JSON.stringify(error.where)}`).toMatch(words);
    expect(ended.code).toBe(error.kind === "config" ? 2 : 1);
  });

  const dag = `dag: prices
tasks:
  publish: { after: clean, flow: [{ load: clean/cities.csv }, { dump_to_path: publish }] }
  clean: { flow: [{ load: cities.csv }, { delete_fields: [zip] }, { dump_to_path: clean }] }
`;

  test("runs the tasks of a DAG file, each after those it waits for", async () => {
    const folder = await folderWith({ ...files, "d.yaml": dag });
    const ended = await aircan(["run", "d.yaml"], { folder });
    expect(ended.stderr).toBe("");
    expect(await readFile(join(folder, "publish/cities.csv"), "utf8")).toBe(
      "city,population\nOslo,709037\nLima,10092000\n",
    );
  });

  test.each([
    ["a cycle", dag.replace("clean: {", "clean: { after: publish,"), /publish → clean|clean → publish/],
    [
      "a task after one that is not there",
      dag.replace("after: clean", "after: cleen"),
      /cleen.*publish, clean/,
    ],
    [
      "a task that is no flow",
      dag.replace(
        "flow: [{ load: cities.csv }, { delete_fields: [zip] }, { dump_to_path: clean }]",
        "kind: x",
      ),
      /clean/,
    ],
  ])("%s is refused", async (_, text, words) => {
    const folder = await folderWith({ ...files, "d.yaml": text });
    const { stdout, code } = await aircan(["run", "d.yaml", "--json"], { folder });
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "dag-error",
      message: expect.stringMatching(words),
    });
    expect(code).toBe(2);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends it with 130 and leaves nothing behind",
    async (signal) => {
      const program = `import { flow, dumpToPath } from "aircan";
async function* slow() {
  for (let n = 0; ; n++) {
    if (n === 10) console.log("under way");
    if (n >= 10) await new Promise((go) => setTimeout(go, 10));
    yield { n };
  }
}
export default flow(slow(), dumpToPath("out"));
`;
      const folder = await folderWith({ "f.ts": program });
      const child = startAircan(["run", "f.ts"], { folder });
      child.stdout.on("data", () => child.kill(signal));
      await once(child, "close");
      expect(child.exitCode).toBe(130);
      expect(existsSync(join(folder, "out")) ? await readdir(join(folder, "out")) : []).toEqual([]);
    },
  );
});

describe("init", () => {
  test("writes a program for a file, runs it and shows rows", async () => {
    const folder = await folderWith(files);
    const ended = await aircan(["init", "cities.csv"], { folder });
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain("Lima");
    expect((await readdir(folder)).sort()).toEqual(["cities.csv", "cities.flow.ts", "out"]);
    const again = await aircan(["run", "cities.flow.ts"], { folder });
    expect(again.code).toBe(0);
  });

  test("does not write over a program that is there", async () => {
    const folder = await folderWith({ ...files, "cities.flow.ts": "mine" });
    expect((await aircan(["init", "cities.csv"], { folder })).code).not.toBe(0);
    expect(await readFile(join(folder, "cities.flow.ts"), "utf8")).toBe("mine");
  });
});

describe("usage", () => {
  test.each([
    [["show", "--rowz", "3", "x.csv"]],
    [["shw", "x.csv"]],
    [["convert", "x.csv"]],
    [["show", "x.csv", "--on-error", "explode"]],
  ])("%j is exit 2, with one JSON document where that is asked for", async (args) => {
    const ended = await aircan([...args, "--json"]);
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout).error.kind).toBe("config");
  });

  test("every command has help with an example", async () => {
    const { stdout } = await aircan(["--help"]);
    const commands = Array.from(stdout.matchAll(/^ {2}([a-z]+) /gm), ([, name = ""]) => name);
    expect(commands).toEqual(
      expect.arrayContaining(["run", "show", "describe", "validate", "load", "serve"]),
    );
    const help = await Promise.all(
      commands.filter((name) => name !== "help").map((name) => aircan([name, "--help"])),
    );
    for (const { code, stdout: text } of help) {
      expect(code).toBe(0);
      expect(text).toContain("Example");
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });

  test("processors prints each with its options, and refuses an unknown one", async () => {
    expect((await aircan(["processors"])).stdout).toMatch(/set_type/);
    expect((await aircan(["processors", "set_type"])).stdout).toMatch(/A type of Table Schema/);
    expect((await aircan(["processors", "set_typ"])).code).toBe(2);
  });
});

async function withFile(folder: string, name: string, text: string): Promise<string> {
  const { writeFile } = await import("node:fs/promises");
  await writeFile(join(folder, name), text);
  return folder;
}
