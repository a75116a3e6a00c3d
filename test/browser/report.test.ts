import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import type { Page } from "playwright-core";
import { expect, inject, it } from "vitest";
import { startBrowser } from "./browser.ts";
import { citiesCsv, schema, validate, validateUrl } from "./runs.ts";
import { serveSource } from "./source.ts";

const browser = startBrowser();

const first = { 3: "2,Bergen,n/a,1070-05-17", 7: "6,Bodø,1", 20: "19,Oslo,many,1018-05-17" };
/** The same a row later, one of them mended, and a new one. */
const second = { 4: first[3], 8: first[7], 30: "29,Oslo,28,1028-13-17" };

const rowsOf = (page: Page) => page.locator(".error-row > .row-number").allInnerTexts();

it("shows what is new, what remains and what was fixed, and narrows the table to it", async () => {
  const fields = { schema, dataset: "norway/compared" };
  await validate("compared", citiesCsv(40, first), fields);
  const page = await browser.open(`/reports/${await validate("compared", citiesCsv(41, second), fields)}`);
  const changes = page.getByRole("region", { name: "Since the report before" });
  await changes.waitFor();
  expect((await changes.locator("li").allInnerTexts()).join(", ")).toBe("1 new, 2 remaining, 1 fixed");
  expect(await rowsOf(page)).toEqual(["4", "8", "30"]);
  await page.getByLabel("Since the report before").last().selectOption("new");
  await expect.poll(() => rowsOf(page)).toEqual(["30"]);
  await page.getByLabel("Since the report before").last().selectOption("");
  await page.getByLabel("Field").selectOption({ label: "population (1)" });
  await expect.poll(() => rowsOf(page)).toEqual(["4"]);
  await page.getByLabel("Field").selectOption("");
  await page.getByRole("button", { name: /type-error/ }).click();
  await expect.poll(() => rowsOf(page)).toEqual(["4", "30"]);
  await page.getByRole("tab", { name: "Fixed" }).click();
  await page.getByText("Row 20:").waitFor();
});

it("says what to do first where one cause is behind many errors", async () => {
  const commas = Object.fromEntries([2, 3, 4].map((row) => [row, `${row},Oslo,"1${row},5",1000-01-01`]));
  const numbers = schema.replace('"population","type":"integer"', '"population","type":"number"');
  const page = await browser.open(
    `/reports/${await validate("commas", citiesCsv(40, commas), { schema: numbers })}`,
  );
  await page.getByRole("heading", { name: "What to do first" }).waitFor();
  await page.getByText('3 cells in the field "population" have a decimal comma').waitFor();
});

it("waits for the end of its run, and says where a run ended without a check", async () => {
  const held: ServerResponse[] = [];
  const url = await serveSource((_, response) => void held.push(response));
  const [seen, cancelled] = [await validateUrl(url, "seen"), await validateUrl(url, "cancelled")];
  const page = await browser.open(`/reports/${seen}`);
  await page.getByText("Not checked yet").waitFor();
  const other = await browser.open(`/reports/${cancelled}`);
  await fetch(`${inject("factoryUrl")}/api/runs/${cancelled}/cancel`, { method: "POST" });
  await other.getByText("The run was cancelled before its check was through.").waitFor();
  await expect.poll(() => held.length).toBeGreaterThan(0);
  for (const response of held) response.setHeader("content-type", "text/csv").end("id,n\n1,2\n3\n");
  await page.getByRole("heading", { name: "1 error in the data" }).waitFor();
});

it("is quick with ten thousand errors, goes to a row and on by the keyboard", async () => {
  const bad = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [i + 2, `${i + 1},Oslo,x${i},1000-01-01`]),
  );
  const id = await validate("many", citiesCsv(10_001, bad), { schema, limit_errors: "10000" });
  const page = await browser.open(`/reports/${id}?row=5000`);
  const current = page.locator(".current-row .row-number");
  await expect.poll(() => current.textContent()).toBe("5,000");
  expect(await page.locator(".error-row").count()).toBeLessThan(60);
  await page.getByLabel("Row", { exact: true }).fill("9000");
  await page.getByRole("button", { name: "Go" }).click();
  await expect.poll(() => current.textContent()).toBe("9,000");
  await page.keyboard.press("n");
  await expect.poll(() => current.textContent()).toBe("9,001");
  await page.keyboard.press("p");
  await page.keyboard.press("p");
  await expect.poll(() => current.textContent()).toBe("8,999");
  await page.getByText(/^Row 8999: "x8997"/).waitFor({ state: "attached" });
});

it("gives the report in other forms, and the bad rows as a file", async () => {
  const page = await browser.open(`/reports/${await validate("forms", citiesCsv(40, first), { schema })}`);
  const save = async (name: RegExp) => {
    await page.getByText("Download", { exact: true }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name }).click(),
    ]);
    await page.keyboard.press("Escape");
    return readFile(await file.path(), "utf8");
  };
  expect(await save(/bad\.csv/)).toBe(`id,city,population,founded\n${Object.values(first).join("\n")}\n`);
  expect(await save(/\(HTML\)/)).toMatch(/^<!doctype html>/i);
  expect(await save(/\(CSV\)$/)).toContain("type-error");
});

it("is seen by who has a link, until the link is revoked", async () => {
  const page = await browser.open(`/reports/${await validate("shared", citiesCsv(40, first), { schema })}`);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByLabel("The link is valid").selectOption({ label: "For a week" });
  await page.getByRole("button", { name: "Make a link" }).click();
  const url = await page.getByLabel("The link", { exact: true }).inputValue();
  const other = await browser.open(url);
  await other.getByRole("heading", { name: "3 errors in the data" }).waitFor();
  expect(await other.getByRole("navigation").count()).toBe(0);
  await other.getByRole("tab", { name: "Fields" }).click();
  await other.getByRole("heading", { name: "population" }).waitFor();
  await page.getByRole("button", { name: /^Revoke/ }).click();
  await expect.poll(() => page.getByRole("button", { name: /^Revoke/ }).count()).toBe(0);
  await other.reload();
  await other.getByRole("heading", { name: "This link leads nowhere" }).waitFor();
});

it("only checks a file when asked to, and shows the badge of its dataset", async () => {
  const page = await browser.open("/");
  const buffer = Buffer.from(citiesCsv(40));
  await page.setInputFiles("input[type=file]", { name: "only.csv", mimeType: "text/csv", buffer });
  await page.getByText("More", { exact: true }).click();
  await page.getByRole("textbox", { name: "Dataset" }).fill("norway/only");
  await page.getByRole("button", { name: "Check only" }).click();
  await page.waitForURL("**/@norway/only/actions/runs/*");
  await page.getByText("Done", { exact: true }).first().waitFor();
  await page.getByRole("link", { name: "@norway/only" }).click();
  await page.getByRole("heading", { name: "Badge" }).click();
  const width = `document.querySelector("summary img").naturalWidth`;
  await expect.poll(() => page.evaluate(width)).toBeGreaterThan(50);
  await page.getByRole("button", { name: "Copy the Markdown" }).click();
  const copied = await page.evaluate("navigator.clipboard.readText()");
  expect(copied).toMatch(
    /^\[!\[data\]\(http:.*\/badge\/norway\/only\.svg\)\]\(http:.*\/@norway\/only\/actions\/\)$/,
  );
});

it("shows when a DAG starts by itself, and pauses that", async () => {
  const page = await browser.open("/dags/shops");
  const card = page.getByRole("region", { name: "Starts by itself" });
  await card.getByText(/next 1 Jan \d+/).waitFor();
  await card.getByText("prices.updated").waitFor();
  await card.getByRole("button", { name: "Pause the schedule shops" }).click();
  await card.getByText("paused", { exact: true }).waitFor();
  await card.getByRole("button", { name: "Resume the schedule shops" }).click();
  await card.getByText(/next 1 Jan \d+/).waitFor();
});
