import { beforeAll, expect, inject, it } from "vitest";
import { keepPicture, startBrowser } from "./browser.ts";
import { citiesCsv, load } from "./runs.ts";

const browser = startBrowser();
const dataset = "norway/cities";

beforeAll(async () => {
  await load("browse_good", citiesCsv(20), { dataset });
  await load("browse_bad", `${citiesCsv(20)}21,Oslo,1,1040-01-01,too,many\n`, { dataset });
});

it("keeps the filters of a list of runs in the address", async () => {
  const page = await browser.open("/runs");
  await page.getByRole("list", { name: "Runs" }).waitFor();
  await page.getByLabel("Status").selectOption("FAILED");
  await expect.poll(() => new URL(page.url()).search).toBe("?status=FAILED");
  const titles = page.locator(".run-row-title");
  await expect
    .poll(async () => (await titles.allInnerTexts()).every((title) => title.includes("Failed")))
    .toBe(true);
  await page.getByRole("searchbox", { name: "Search runs" }).fill("no run is called this");
  await page.getByText("No run fits these filters").waitFor();
  await keepPicture(page, "runs-empty");
  await page.reload();
  await page.getByText("No run fits these filters").waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await expect.poll(() => new URL(page.url()).search).toBe("");
  await titles.first().waitFor();
});

it("shows a dataset's runs, and leads from there to one of them and back", async () => {
  const page = await browser.open("/datasets");
  await page.getByRole("link", { name: dataset }).click();
  await page.waitForURL(`**/@${dataset}/actions/`);
  await page.getByRole("heading", { name: `@${dataset}`, level: 1 }).waitFor();
  await expect.poll(() => page.locator(".run-row").count()).toBe(2);
  await page.locator(".run-row-title").first().click();
  await page.waitForURL(`**/@${dataset}/actions/runs/*`);
  await page
    .getByRole("navigation", { name: "Breadcrumb" })
    .getByRole("link", { name: `@${dataset}` })
    .click();
  await expect.poll(() => page.locator(".run-row").count()).toBe(2);
});

it("shows a DAG and starts it from a form made of its parameters", async () => {
  const page = await browser.open("/dags");
  await page.getByRole("list", { name: "DAGs" }).getByRole("link").first().waitFor();
  await page.goto("/dags/load");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expect.poll(() => page.locator(".node").count()).toBe(4);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const resource = dialog.getByLabel(/^resource/i);
  await resource.fill("{");
  await dialog.getByLabel(/^table/i).fill("from_form");
  await dialog.getByRole("button", { name: "Start the run" }).click();
  await dialog.getByText("This is not valid JSON.").waitFor();
  await resource.fill('{"name": "nothing", "path": "http://127.0.0.1:9/nothing.csv"}');
  await dialog.getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\/[^/]+$/);
});

it("draws who waits for whom, pauses a DAG and resumes it", async () => {
  const page = await browser.open("/dags/shops");
  const titles = page.locator(".node-name");
  await expect.poll(() => titles.allTextContents()).toEqual(["Prices", "Shops", "Merge"]);
  expect(await page.locator(".graph-edges path").count()).toBe(2);
  const run = page.getByRole("button", { name: "Run", exact: true });
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByText("paused: nothing new of it starts").waitFor();
  expect(await run.isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await expect.poll(() => run.isDisabled()).toBe(false);
});

it("says why a DAG file cannot be read, and offers nothing to run", async () => {
  const page = await browser.open("/dags");
  await page.getByText(/comes after "nothing", which is no task/).waitFor();
  await page.getByRole("link", { name: "broken" }).click();
  await page.getByRole("heading", { name: "It cannot be read" }).waitFor();
  expect(await page.getByRole("button", { name: "Run", exact: true }).count()).toBe(0);
});

it("says that there is nothing at an address where there is nothing", async () => {
  for (const path of ["/nothing", "/runs/nothing", "/dags/nothing", "/reports/nothing"]) {
    const page = await browser.open(path);
    await page.getByText(/^There is no .* here$/).waitFor();
    await page.close();
  }
});

it("sends a report page that can be read alone", async () => {
  const id = await load("reported", `${citiesCsv(20)}21,Oslo,1,1040-01-01,too,many\n`);
  const page = await browser.open(`/reports/${id}`);
  await page.getByRole("heading", { name: /errors? in the data/ }).waitFor();
  await page.locator(".bad-cell").first().waitFor();
});

it("sends the page packed, and as it is to who asks for that", async () => {
  for (const [accepted, encoding] of [
    ["gzip, deflate, br", "gzip"],
    ["identity", null],
  ] as const) {
    const response = await fetch(inject("factoryUrl"), { headers: { "accept-encoding": accepted } });
    expect(response.headers.get("content-encoding")).toBe(encoding);
    expect(await response.text()).toContain('<div id="root">');
  }
});
