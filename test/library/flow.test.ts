import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  addField,
  deleteFields,
  filterRows,
  flow,
  flowFromSpec,
  load,
  printer,
  type Row,
  row,
  rows,
  selectFields,
  setType,
  sortRows,
  sources,
} from "aircan";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const cities = [
  { name: "Oslo", population: 709037, capital: true },
  { name: "Bergen", population: 291940, capital: false },
  { name: "Lima", population: 10092000, capital: true },
];

async function citiesFile(text = "name,population\nOslo,709037\nBergen,291940\n"): Promise<string> {
  const path = join(await temporaryFolder(), "cities.csv");
  await writeFile(path, text);
  return path;
}

describe("what a step may be", () => {
  async function* asynchronous() {
    yield* cities;
  }
  function* iterable() {
    yield* cities;
  }

  test.each([
    ["an array", () => cities],
    ["an iterable", iterable],
    ["an async iterable", asynchronous],
    ["another flow", () => flow(cities)],
    ["a processor", () => sources(cities)],
  ])("%s is a source", async (_, source) => {
    const { rows: given } = await flow(source() as Iterable<object>).results();
    expect(Object.values(given)).toEqual([cities]);
  });

  test("a function is a row function, which may change the row or give another", async () => {
    const { rows: given } = await flow(
      cities,
      (city) => {
        city.population += 1;
      },
      (city) => ({ ...city, name: city.name.toUpperCase() }),
    ).results();
    expect(Object.values(given)[0]).toEqual([
      { name: "OSLO", population: 709038, capital: true },
      { name: "BERGEN", population: 291941, capital: false },
      { name: "LIMA", population: 10092001, capital: true },
    ]);
  });

  test.each([[5], ["cities.csv"], [null], [undefined], [{ load: "cities.csv" }], [Symbol("x")]])(
    "%s is refused",
    (step) => {
      expect(() => flow(step as never)).toThrow(expect.objectContaining({ code: "step-error" }));
    },
  );
});

describe("planning", () => {
  test("an unknown field is refused before anything runs, with the known names", async () => {
    const seen: Row[] = [];
    const made = flow(
      cities,
      (city) => {
        seen.push(city);
      },
      filterRows("populaton > 5"),
    );
    await expect(made.run()).rejects.toMatchObject({
      code: "unknown-field",
      message: expect.stringMatching(/populaton.*name, population, capital/s),
      hint: expect.stringContaining("population"),
      where: { step: expect.any(String), processor: "filter_rows" },
    });
    expect(seen).toEqual([]);
  });

  test.each([
    ["an operator that does not fit", filterRows("name > 5"), "expression-error"],
    ["a sort by a field that is not there", sortRows("size"), "unknown-field"],
    ["a selection of what is not there", selectFields(["size"]), "unknown-field"],
  ])("%s is refused", async (_, step, code) => {
    await expect(flow(cities, step).run()).rejects.toMatchObject({ code });
  });
});

describe("running", () => {
  test("twice gives the same", async () => {
    const made = flow(load(await citiesFile()), filterRows("population > 300000"));
    const first = await made.results();
    expect((await made.results()).rows).toEqual(first.rows);
    expect(first.rows).toEqual({ cities: [{ name: "Oslo", population: 709037 }] });
  });

  test("counts rows, bytes and errors of each resource", async () => {
    const { stats, errors, package: made } = await flow(load(await citiesFile())).run();
    expect(stats.resources).toEqual({ cities: { rows: 2, bytes: 0, errors: 0 } });
    expect(errors).toEqual([]);
    expect(made.resources[0]?.schema?.fields).toEqual([
      { name: "name", type: "string" },
      { name: "population", type: "integer" },
    ]);
  });

  test("streams rows, and lets the reader stop", async () => {
    const seen: unknown[] = [];
    for await (const { name } of flow(cities).stream()) {
      seen.push(name);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(["Oslo", "Bergen"]);
  });

  test("is ended by its signal", async () => {
    const controller = new AbortController();
    async function* slow() {
      for (let n = 0; ; n++) {
        if (n === 10_000) controller.abort();
        yield { n };
      }
    }
    await expect(flow(slow()).run({ signal: controller.signal })).rejects.toMatchObject({
      code: "interrupted",
    });
  });

  test("an error in a row function names the step, the row and the message", async () => {
    const made = flow(
      cities,
      addField("share", "number", (city) => {
        if (city.name === "Lima") throw new Error("no share known");
        return 1;
      }),
    );
    await expect(made.run()).rejects.toMatchObject({
      code: "row-function-error",
      message: expect.stringContaining("no share known"),
      where: { step: "2", processor: "add_field", row: 3 },
    });
  });

  test("a row function that gives something of another type is told so", async () => {
    const made = flow(
      cities,
      addField("share", "number", () => "much"),
    );
    await expect(made.run()).rejects.toMatchObject({
      code: "row-function-error",
      message: expect.stringMatching(/much.*number/s),
    });
  });

  test("a rows function takes and gives rows", async () => {
    const numbered = rows(async function* (given) {
      let n = 0;
      for await (const { name } of given) if (n++ % 2 === 0) yield { name, population: n };
    });
    expect((await flow(cities, deleteFields(["capital"]), numbered).results()).rows).toEqual({
      [Object.keys((await flow(cities).results()).rows)[0] ?? ""]: [
        { name: "Oslo", population: 1 },
        { name: "Lima", population: 3 },
      ],
    });
  });

  test("integers beyond 2^53 are bigints, and dates are Temporal values", async () => {
    const path = await citiesFile("id,day\n9007199254740993,2026-02-03\n");
    const [first] = (await flow(load(path)).results()).rows.cities ?? [];
    expect(first?.id).toBe(9007199254740993n);
    expect(String(first?.day)).toBe("2026-02-03");
    expect(first?.day).toHaveProperty("daysInMonth", 28);
  });
});

describe("bad cells", () => {
  const text = "name,population\nOslo,709037\nBergen,many\nLima,10092000\n";
  const typed = async () => flow(load(await citiesFile(text)), setType("population", "integer"));
  const bad = { code: "type-error", row: 3, line: 3, field: "population", value: "many" };

  test("fail: the error says which, and how many of each kind", async () => {
    await expect((await typed()).run()).rejects.toMatchObject({
      code: "data-error",
      details: { counts: { "type-error": 1 }, first_errors: [bad] },
    });
  });

  test.each([
    [
      "drop",
      {
        cities: [
          ["Oslo", 709037],
          ["Lima", 10092000],
        ],
      },
    ],
    [
      "clear",
      {
        cities: [
          ["Oslo", 709037],
          ["Bergen", null],
          ["Lima", 10092000],
        ],
      },
    ],
    [
      "keep",
      {
        cities: [
          ["Oslo", "709037"],
          ["Bergen", "many"],
          ["Lima", "10092000"],
        ],
      },
    ],
  ] as const)("%s", async (onError, expected) => {
    const { rows: given } = await (await typed()).results({ onError });
    const values = Object.entries(given).map(([name, all]) => [name, all.map((each) => Object.values(each))]);
    expect(Object.fromEntries(values)).toEqual(expected);
  });

  test("report: they are rows of the side resource errors", async () => {
    const { rows: given, errors } = await (await typed()).results({ onError: "report" });
    expect(given.cities).toHaveLength(2);
    expect(given.errors).toMatchObject([{ code: "type-error", row: 3, field: "population", value: "many" }]);
    expect(errors).toMatchObject([bad]);
  });

  test("a callback decides for each", async () => {
    const seen: string[] = [];
    const { rows: given } = await (await typed()).results({
      onError: (error) => {
        seen.push(`${error.field} ${error.row}`);
        return false;
      },
    });
    expect(seen).toEqual(["population 3"]);
    expect(given.cities?.map((each) => each.name)).toEqual(["Oslo", "Lima"]);
  });
});

test("guesses that the file speaks against are mended, whatever is typed after them", async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},${i}.5,2026-01-01`);
  const file = await citiesFile(`a,b,day\n${rows.join("\n")}\nx,y,never\n`);
  const made = flow(
    load(file),
    setType("a", "integer", { on_error: "clear" }),
    setType("b", "number", { on_error: "drop" }),
  );
  const { package: found, stats } = await made.run();
  expect(found.resources[0]?.schema?.fields).toMatchObject([
    { name: "a", type: "integer" },
    { name: "b", type: "number" },
    { name: "day", type: "string" },
  ]);
  expect(stats.resources).toEqual({ cities: { rows: 5000, bytes: 0, errors: 2 } });
});

describe("spec", () => {
  test("a flow and its spec are the same thing", async () => {
    const path = await citiesFile();
    const made = flow(
      load(path, { name: "cities" }),
      setType("population", "integer"),
      filterRows("population > 300000"),
      printer(),
    );
    const spec = made.toSpec();
    expect(spec).toEqual({
      flow: [
        { load: { from: path, name: "cities" } },
        { set_type: { name: "population", type: "integer" } },
        { filter_rows: { where: "population > 300000" } },
        { printer: {} },
      ],
    });
    expect(flowFromSpec(spec).toSpec()).toEqual(spec);
    expect((await flowFromSpec(spec).results()).rows).toEqual((await made.results()).rows);
  });

  test("code cannot be said in a spec", () => {
    expect(() =>
      flow(
        cities,
        row((each) => each),
      ).toSpec(),
    ).toThrow(expect.objectContaining({ code: "step-error" }));
  });

  test.each([
    ["an unknown processor", { flow: [{ lod: { from: "x.csv" } }] }, "unknown-processor", "load"],
    ["an unknown option", { flow: [{ load: { form: "x.csv" } }] }, "config-error", "form"],
    ["two keys in a step", { flow: [{ load: { from: "x" }, printer: {} }] }, "config-error", "one key"],
    ["no list", { flow: "load" }, "config-error", "flow"],
  ])("%s is refused with its place", (_, spec, code, word) => {
    expect(() => flowFromSpec(spec)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(word) }),
    );
  });
});

test("null in JSON is no cell, whatever texts mean a missing one", async () => {
  const schema = {
    fields: [
      { name: "n", type: "integer" },
      { name: "t", type: "string" },
    ],
    missingValues: [],
  };
  const data = [
    { n: 1, t: "" },
    { n: null, t: null },
  ];
  expect((await flow(load({ name: "x", data, schema } as never)).results()).rows).toEqual({ x: data });
});
