import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { startBrowser } from "./browser.ts";
import { citiesCsv, load } from "./runs.ts";

const browser = startBrowser();
const RUNS = 10_000;

/** Copies a finished run and its tasks many times, a minute apart, each with an id, a job and a table of its own. */
const copyRun = `
  with copies as (
    insert into aircan.run (id, dag, job_id, job_type, snapshot, conf, trigger, dataset, "user", created, updated, state)
    select 'copy-' || i, dag, 'job-copy-' || i, job_type, snapshot,
           jsonb_set(conf::jsonb, '{name}', to_jsonb('table_' || i))::json,
           trigger, 'many/set-' || lpad((i % 100)::text, 2, '0'), 'copier', created - i * interval '1 minute', updated - i * interval '1 minute', state
    from aircan.run, generate_series(1, $2::int) i where id = $1 returning id)
  insert into aircan.task (run_id, task, map_index, position, state)
  select copies.id, task, map_index, position, task.state from copies, aircan.task where run_id = $1`;

async function inDatabase(sql: string, values: readonly unknown[] = []): Promise<void> {
  // The server's own file, made by `openDatabase`.
  const access = JSON.parse(await readFile(join(inject("dataFolder"), "database.json"), "utf8"));
  const client = new pg.Client({ host: "127.0.0.1", user: "aircan", database: "postgres", ...access });
  await client.connect();
  try {
    await client.query(sql, [...values]);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  await inDatabase(copyRun, [await load("copied_often", citiesCsv(20)), RUNS]);
});
afterAll(() => inDatabase(`delete from aircan.run where "user" = 'copier'`));

it("pages through many runs by cursor, and back to the newest", async () => {
  const page = await browser.open("/runs?user=copier");
  await page.getByRole("heading", { name: "10,000 runs" }).waitFor();
  const titles = page.locator(".run-row-title");
  await expect.poll(() => titles.last().textContent()).toBe("Done: Load table_30");
  await page.getByRole("link", { name: "Older" }).click();
  await expect.poll(() => titles.last().textContent()).toBe("Done: Load table_60");
  expect(await titles.first().textContent()).toBe("Done: Load table_31");
  await page.getByRole("link", { name: "Older" }).click();
  await expect.poll(() => titles.last().textContent()).toBe("Done: Load table_90");
  await page.getByRole("link", { name: "Newest" }).click();
  await expect.poll(() => titles.first().textContent()).toBe("Done: Load table_1");
  await page.getByRole("searchbox", { name: "Search runs" }).fill("copy-9999");
  await page.getByRole("heading", { name: "1 run", exact: true }).waitFor();
});

it("lists each of many datasets once, with its newest run", async () => {
  const page = await browser.open("/datasets?q=many/");
  await page.getByRole("heading", { name: "100 datasets" }).waitFor();
  const titles = page.locator(".run-row-title");
  await expect.poll(() => titles.last().textContent()).toBe("many/set-29");
  await page.getByRole("link", { name: "Next" }).click();
  await expect.poll(() => titles.first().textContent()).toBe("many/set-30");
  await titles.first().click();
  await page.getByRole("heading", { name: "100 runs" }).waitFor();
});

/** Milliseconds, the median of five. */
async function measure(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    await act();
    times.push(performance.now() - started);
  }
  return Math.round(times.sort((a, b) => a - b)[2] ?? 0);
}

it(`says how long lists of ${RUNS} runs take`, async () => {
  const ask = (query: string) => async () => {
    const response = await fetch(`${inject("factoryUrl")}/api/runs?limit=30&${query}`);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  };
  const page = await browser.open("about:blank");
  const show = (path: string, until: string) => async () => {
    await page.goto("about:blank");
    await page.goto(path);
    await page.locator(until).first().waitFor();
  };
  const figures = {
    "API, newest": await measure(ask("")),
    "API, by status": await measure(ask("status=DONE")),
    "API, by user": await measure(ask("user=copier")),
    "API, by words": await measure(ask("q=copy-77")),
    "API, datasets": await measure(async () => {
      await (await fetch(`${inject("factoryUrl")}/api/datasets?limit=30`)).arrayBuffer();
    }),
    "page of runs": await measure(show("/runs", ".run-row")),
    overview: await measure(show("/", ".run-row")),
  };
  const lines = Object.entries(figures).map(([what, ms]) => `  ${what}: ${ms} ms`);
  console.log(`${RUNS} runs in the database, medians of five:\n${lines.join("\n")}`);
});
