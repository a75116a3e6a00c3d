import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aircan } from "../test/command/aircan.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-examples-"));
  for (const part of ["examples", "sample"])
    await cp(join(root, part), join(folder, part), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => aircan(["run", ...args], { folder });
const read = (path: string) => readFile(join(folder, "examples", path), "utf8");

test("earthquakes/strong.ts writes the strong ones, the strongest first", async () => {
  expect((await run("examples/earthquakes/strong.ts")).code).toBe(0);
  const { stdout } = await aircan(
    ["show", "examples/earthquakes/out/earthquakes.parquet", "--json", "--rows", "2"],
    { folder },
  );
  expect(JSON.parse(stdout).rows).toEqual([
    { region: "Taiwan", magnitude: 6.4, depth_km: 10.64, place: "22km NNE of Hualian, Taiwan" },
    { region: "Afghanistan", magnitude: 6.1, depth_km: 191.19, place: "35km S of Jarm, Afghanistan" },
  ]);
});

test("bad-cells/report.yaml writes the good rows, and what is wrong with the others", async () => {
  expect((await run("examples/bad-cells/report.yaml")).code).toBe(0);
  expect(await read("bad-cells/out/cities.csv")).toBe(
    "city,population,founded\nOslo,709037,1040-01-01\nKyoto,1463723,0794-11-22\n",
  );
  expect((await read("bad-cells/out/errors.csv")).split("\n")).toMatchObject(
    [
      /^code,resource,row,line/,
      /^type-error,cities,3,3,.*about 290000/,
      /^type-error,cities,4,4,.*1535-13-18/,
      "",
    ].map((line) => (line instanceof RegExp ? expect.stringMatching(line) : line)),
  );
});

test("daily/daily.yaml runs its tasks, with the parameter's default and with another", async () => {
  const strong = async () =>
    (await read("daily/out/strong/earthquakes.csv")).trimEnd().split("\n").length - 1;
  expect((await run("examples/daily/daily.yaml")).code).toBe(0);
  const usual = await strong();
  expect((await run("examples/daily/daily.yaml", "-p", "least=6")).code).toBe(0);
  expect([usual, await strong()]).toEqual([85, 5]);
});
